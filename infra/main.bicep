// Everything that GovernanceFunctions needs in one resource group. Plain resources only: nothing is fetched to compile it.
targetScope = 'subscription'

@minLength(1)
@maxLength(64)
@description('Name of the environment; part of every resource name.')
param environmentName string

@minLength(1)
@metadata({ azd: { type: 'location' } })
@description('Region; Flex Consumption must be offered there.')
param location string

@description('Ids of the tenants to audit, with commas between them. Empty: the tenant of the subscription.')
param tenants string = ''

@description('File in the package with more tenants, one on each line, such as tenants.txt. Empty: none.')
param tenantsFile string = ''

@description('Multi-tenant application that trusts the reader identity. Empty: only the tenant of the subscription is audited.')
param applicationId string = ''

@description('Policy file in the package, such as governance.yaml. Empty: the built-in policy, which approves nothing.')
param policyFile string = ''

@description('Application (client) id of the API registration, a GUID. Empty: the API answers nothing but its health.')
param apiClientId string = ''

@description('Application ID URI of that registration. Empty: api:// and the client id, as Entra proposes.')
param apiIdUri string = ''

@description('Mail address that alerts go to. Empty: alerts are raised and sent nowhere.')
param alertMail string = ''

@secure()
@description('Webhook address with a signature in it. Empty: no Key Vault is made.')
param webhookUrl string = ''

@description('Makes the identity that carries out revocations and gives it to the API. Off by default: then nothing can be revoked from here.')
param enableWriter bool = false

@description('Multi-tenant application that trusts the writer identity. Empty: only the tenant of the subscription is written to.')
param writerApplicationId string = ''

@description('Closes storage to the internet. Costs private endpoints.')
param isolateNetwork bool = false

@minValue(40)
@maxValue(1000)
@description('Most instances at one time; 40 is the least that Flex Consumption takes.')
param maximumInstances int = 40

var abbreviations = loadJsonContent('abbreviations.json')
var suffix = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var auditedTenants = empty(tenants) ? tenant().tenantId : tenants
var queues = { scan: 'scan-tenant', digest: 'post-digest', kpi: 'compute-kpis', parked: 'parked' }
var table = 'Governance'
var packages = 'packages'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identities 'app/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    location: location
    tags: tags
    readerName: '${abbreviations.identity}reader-${suffix}'
    writerName: '${abbreviations.identity}writer-${suffix}'
    enableWriter: enableWriter
  }
}

module network 'app/network.bicep' = if (isolateNetwork) {
  name: 'network'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.network}${suffix}'
    storageName: storage.outputs.name
  }
}

module storage 'app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.storage}${suffix}'
    table: table
    packages: packages
    isolate: isolateNetwork
  }
}

module messages 'app/servicebus.bicep' = {
  name: 'messages'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.serviceBus}${suffix}'
    scanQueue: queues.scan
    digestQueue: queues.digest
    kpiQueue: queues.kpi
    parkedQueue: queues.parked
  }
}

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    tags: tags
    logsName: '${abbreviations.logs}${suffix}'
    insightsName: '${abbreviations.insights}${suffix}'
  }
}

module vault 'app/keyvault.bicep' = if (!empty(webhookUrl)) {
  name: 'vault'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.keyVault}${suffix}'
    webhookUrl: webhookUrl
  }
}

module functions 'app/functions.bicep' = {
  name: 'functions'
  scope: group
  params: {
    location: location
    tags: tags
    name: '${abbreviations.functionApp}${suffix}'
    planName: '${abbreviations.plan}${suffix}'
    readerId: identities.outputs.readerId
    readerClientId: identities.outputs.readerClientId
    writerId: identities.outputs.writerId
    writerClientId: identities.outputs.writerClientId
    storageName: storage.outputs.name
    packages: packages
    table: table
    serviceBusHost: messages.outputs.host
    scanQueue: queues.scan
    digestQueue: queues.digest
    kpiQueue: queues.kpi
    parkedQueue: queues.parked
    insightsConnection: monitoring.outputs.connection
    tenants: auditedTenants
    tenantsFile: tenantsFile
    applicationId: applicationId
    writerApplicationId: writerApplicationId
    policyFile: policyFile
    apiClientId: apiClientId
    apiIdUri: apiIdUri
    maximumInstances: maximumInstances
    webhookSecret: empty(webhookUrl) ? '' : vault!.outputs.webhook
    subnetId: isolateNetwork ? network!.outputs.subnetId : ''
  }
  dependsOn: [roles]
}

module roles 'app/rbac.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identities.outputs.readerPrincipalId
    storageName: storage.outputs.name
    serviceBusName: messages.outputs.name
    insightsName: monitoring.outputs.insightsName
    vaultName: empty(webhookUrl) ? '' : vault!.outputs.name
  }
}

module alerts 'app/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    actionGroupName: '${abbreviations.actionGroup}${suffix}'
    mail: alertMail
    serviceBusName: messages.outputs.name
    insightsName: monitoring.outputs.insightsName
    parkedQueue: queues.parked
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output GOVERNANCE_READER_PRINCIPAL_ID string = identities.outputs.readerPrincipalId
output GOVERNANCE_WRITER_PRINCIPAL_ID string = identities.outputs.writerPrincipalId
output GOVERNANCE_API_URL string = functions.outputs.apiUrl
output GOVERNANCE_FUNCTION_APP string = functions.outputs.name
