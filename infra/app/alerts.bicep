// What must not go unseen: messages that nothing could handle, dead letters that nobody takes up, and a night without a scan.
param location string
param tags object
param actionGroupName string
param mail string
param serviceBusName string
param insightsName string
param parkedQueue string

resource namespace 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' existing = {
  name: serviceBusName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource actions 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'governance'
    enabled: true
    emailReceivers: empty(mail) ? [] : [
      {
        name: 'mail'
        emailAddress: mail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource parked 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'Messages parked'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages are parked: scans that no attempt could carry out. See docs/azure.md, Troubleshooting.'
    severity: 2
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'parked'
          metricName: 'ActiveMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [parkedQueue]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [{ actionGroupId: actions.id }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'Dead letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Dead letters wait and nobody parks them: is the function app running? See docs/azure.md, Troubleshooting.'
    severity: 1
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'deadLetters'
          metricName: 'DeadletteredMessages'

          // Each queue for itself: over the whole namespace the least value is that of a queue without any.
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: ['*']
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Minimum'
        }
      ]
    }
    actions: [{ actionGroupId: actions.id }]
  }
}

resource missedNight 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = {
  name: 'Night missed'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Night missed'
    description: 'NightlyAudit has not run for a day. See docs/azure.md, Troubleshooting.'
    severity: 1
    enabled: true
    scopes: [insights.id]
    evaluationFrequency: 'PT1H'
    windowSize: 'P1D'
    criteria: {
      allOf: [
        {
          // By word, because the name of the request is that of the function with or without one before it, by the version of the host.
          query: 'requests | where name has "NightlyAudit" and success == true'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: [actions.id] }
  }
}
