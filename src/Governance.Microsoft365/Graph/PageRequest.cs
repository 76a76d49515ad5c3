using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>One page to ask for.</summary>
/// <param name="Part">Null for what belongs to no part, such as the organisation.</param>
/// <param name="Eventual">True to send <c>ConsistencyLevel: eventual</c>, which a count needs and no link carries over.</param>
/// <param name="Body">JSON to post; null for a GET.</param>
/// <param name="Layout">How the answer is laid out.</param>
internal sealed record PageRequest(
    Uri Address, InventoryPart? Part, bool Eventual, RequestMeter Meter, ThrottleGate Gate, byte[]? Body = null, PageLayout Layout = PageLayout.Page);
