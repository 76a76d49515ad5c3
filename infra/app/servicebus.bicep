// Standard, because Basic has no duplicate detection. Duplicate detection is fixed when a queue is made.
param location string
param tags object
param name string
param scanQueue string
param digestQueue string
param kpiQueue string
param parkedQueue string

resource namespace 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }

  resource scans 'queues' = {
    name: scanQueue
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      lockDuration: 'PT5M'
      maxDeliveryCount: 10
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
    }
  }

  resource digests 'queues' = {
    name: digestQueue
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      lockDuration: 'PT5M'
      maxDeliveryCount: 3
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P1D'
    }
  }

  resource kpis 'queues' = {
    name: kpiQueue
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      lockDuration: 'PT5M'
      maxDeliveryCount: 3
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P1D'
    }
  }

  resource parked 'queues' = {
    name: parkedQueue
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      lockDuration: 'PT1M'
      maxDeliveryCount: 2000
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P90D'
    }
  }
}

output name string = namespace.name
output host string = '${namespace.name}.servicebus.windows.net'
