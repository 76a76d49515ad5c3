using Governance.Core.Consents;

namespace Governance.Microsoft365.Graph;

/// <summary>One page to ask for.</summary>
/// <param name="Part">Null for what belongs to no part, such as the organisation.</param>
/// <param name="Eventual">True to send <c>ConsistencyLevel: eventual</c>, which a count needs and no link carries over.</param>
internal sealed record PageRequest(Uri Address, InventoryPart? Part, bool Eventual, RequestMeter Meter, ThrottleGate Gate);
