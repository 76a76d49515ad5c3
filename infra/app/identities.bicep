// One identity reads; another may write and exists only when asked for, so that a scanner cannot revoke.
param location string
param tags object
param readerName string
param writerName string
param enableWriter bool

resource reader 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: readerName
  location: location
  tags: tags
}

resource writer 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (enableWriter) {
  name: writerName
  location: location
  tags: tags
}

output readerId string = reader.id
output readerClientId string = reader.properties.clientId
output readerPrincipalId string = reader.properties.principalId
output writerId string = enableWriter ? writer!.id : ''
output writerClientId string = enableWriter ? writer!.properties.clientId : ''
output writerPrincipalId string = enableWriter ? writer!.properties.principalId : ''
