param location string
param tags object
param name string
param planName string
param readerId string
param readerClientId string
param writerId string
param writerClientId string
param storageName string
param packages string
param table string
param serviceBusHost string
param scanQueue string
param parkedQueue string
param insightsConnection string
param tenants string
param tenantsFile string
param applicationId string
param writerApplicationId string
param policyFile string
param apiClientId string
param apiIdUri string
param maximumInstances int
param digestQueue string
param kpiQueue string
param webhookSecret string
param subnetId string

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union({ '${readerId}': {} }, empty(writerId) ? {} : { '${writerId}': {} })
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: readerId
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}${packages}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: readerId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__blobServiceUri: account.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: account.properties.primaryEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: account.properties.primaryEndpoints.table
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: readerClientId
      ServiceBus__fullyQualifiedNamespace: serviceBusHost
      ServiceBus__credential: 'managedidentity'
      ServiceBus__clientId: readerClientId
      State__TableServiceUri: account.properties.primaryEndpoints.table
      State__TableName: table
      State__ClientId: readerClientId
      ScanQueue: scanQueue
      DigestQueue: digestQueue
      KpiQueue: kpiQueue
      ParkedQueue: parkedQueue
      NightlyAuditSchedule: '0 0 2 * * *'
      IncrementalScanSchedule: '0 0 8-20/4 * * *'
      DigestSchedule: '0 */15 * * * *'
      RecoverStalledSchedule: '0 */10 * * * *'
      WORKFLOW_URL: empty(webhookSecret) ? '' : '@Microsoft.KeyVault(SecretUri=${webhookSecret})'
      Audit__Tenants: tenants
      Audit__TenantsFile: tenantsFile
      Audit__ReaderClientId: readerClientId
      Audit__ApplicationId: applicationId
      Audit__WriterClientId: writerClientId
      Audit__WriterApplicationId: writerApplicationId
      Audit__PolicyFile: policyFile
      Entra__TenantId: empty(apiClientId) ? '' : tenant().tenantId
      Entra__ClientId: apiClientId
      Entra__ApplicationIdUri: apiIdUri
      Entra__LoginEndpoint: environment().authentication.loginEndpoint
      APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${readerClientId};Authorization=AAD'
    }
  }

  // A door in front of the API's own proof of who calls; health stays open.
  resource authentication 'config' = if (!empty(apiClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        excludedPaths: ['/api/health']
      }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: apiClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [apiClientId, empty(apiIdUri) ? 'api://${apiClientId}' : apiIdUri] }
        }
      }
      // Passes on the ID token of whoever signed in, by which the API lets a browser see the report.
      login: { tokenStore: { enabled: true } }
    }
  }
}

output name string = app.name
output apiUrl string = 'https://${app.properties.defaultHostName}/api'
