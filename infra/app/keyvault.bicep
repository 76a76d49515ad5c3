// Only for a webhook address that is itself a secret; with an identity in the flow there is nothing to keep.
param location string
param tags object
param name string

@secure()
param webhookUrl string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enablePurgeProtection: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
  }

  resource webhook 'secrets' = {
    name: 'webhook-url'
    properties: { value: webhookUrl }
  }
}

output name string = vault.name
output webhook string = vault::webhook.properties.secretUri
