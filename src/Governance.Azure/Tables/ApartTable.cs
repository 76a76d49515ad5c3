using Azure.Data.Tables;

namespace Governance.Azure.Tables;

/// <summary>A second table, so that a copy of the state, or a change in it, does not carry the heads and keys along that prove or hide what it holds.</summary>
public sealed record ApartTable(TableClient Client);
