using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Decisions;

namespace Governance.Api.Http;

/// <summary>Where a head keeps what people decide.</summary>
public sealed record DecisionStores(IDecisionLedger Ledger, IPersons Persons, IPersonalRecords Records);
