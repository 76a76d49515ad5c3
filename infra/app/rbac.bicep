// Every role that the product holds in Azure. Rights in Graph are not Azure roles: see `governance azure grant`.
param principalId string
param storageName string
param serviceBusName string
param insightsName string
param vaultName string

var roles = {
  // The host keeps leases of timers and secrets there, and the plan reads the package. Owner, because the host makes its containers.
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

  // The host makes a queue of its own at start, whatever the triggers are.
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'

  // State: the head reads and writes both tables.
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

  // The triggers take messages and settle them, dead letters included.
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

  // Timers and the API send messages. Neither role may make, change or delete a queue.
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'

  // Application Insights takes no key; this is what it takes instead. It lets nobody read.
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'

  // The address of a signed webhook, where there is one; reads values and nothing else.
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' existing = {
  name: serviceBusName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = if (!empty(vaultName)) {
  name: empty(vaultName) ? 'none' : vaultName
}

resource storageRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in [
  roles.storageBlobDataOwner
  roles.storageQueueDataContributor
  roles.storageTableDataContributor
]: {
  scope: account
  name: guid(account.id, principalId, role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

resource messageRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in [
  roles.serviceBusDataReceiver
  roles.serviceBusDataSender
]: {
  scope: namespace
  name: guid(namespace.id, principalId, role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

resource telemetryRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, roles.monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
  }
}

resource secretRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(vaultName)) {
  scope: vault
  name: guid(vault.id, principalId, roles.keyVaultSecretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
}
