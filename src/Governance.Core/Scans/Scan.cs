using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans;

public enum ScanMode
{
    /// <summary>Reads everything.</summary>
    Full,

    /// <summary>Reads what changed since the scan before.</summary>
    Incremental,

    /// <summary>Reads exported files.</summary>
    Offline,
}

public enum ScanStatus
{
    Complete,
    Partial,
    Failed,
}

/// <summary>How many requests a scan sent.</summary>
/// <param name="Total">Requests sent, repeats included.</param>
/// <param name="Retries">Requests that were repeats.</param>
/// <param name="Throttled">Answers 429 received.</param>
public sealed record RequestCounts(int Total, int Retries, int Throttled);

/// <summary>The record of one scan.</summary>
/// <param name="Id">Sorts by time: start as <c>yyyyMMddTHHmmssfffZ</c> and a random tail.</param>
/// <param name="Generation">Counts committed scans of the tenant from 1; grows without gaps.</param>
/// <param name="PolicyVersion">Policy it judged by.</param>
/// <param name="CatalogueVersion">Catalogue it judged by.</param>
public sealed record Scan(
    string Id,
    Guid TenantId,
    string TenantName,
    ScanMode Mode,
    ScanStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset CompletedAt,
    ImmutableArray<PartReading> Parts,
    RequestCounts Requests,
    int Generation,
    string PolicyVersion,
    string CatalogueVersion)
{
    /// <summary>Entries of the decision ledger that it took into account; 0 for none.</summary>
    public long LedgerEntries { get; init; }
}
