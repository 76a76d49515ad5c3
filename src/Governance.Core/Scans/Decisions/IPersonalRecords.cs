using Governance.Core.Policy;

namespace Governance.Core.Scans.Decisions;

/// <summary>Removes from what scans left: a person, or what is too old.</summary>
public interface IPersonalRecords
{
    /// <summary>Takes a user out of every inventory kept. Figures computed from it stay as they are: they name nobody.</summary>
    /// <returns>Inventories that had the user.</returns>
    Task<int> EraseUserAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);

    /// <summary>Removes what ended before the days given; what the last scan left stays, whatever its age.</summary>
    /// <param name="dryRun">True only counts.</param>
    Task<RetentionCounts> RetainAsync(Guid tenantId, RetentionPeriods periods, DateTimeOffset now, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>How many records of each kind were, or would be, removed.</summary>
public sealed record RetentionCounts(int Inventories, int Findings, int Kpis, int Texts, int Names)
{
    public bool Nothing => this is { Inventories: 0, Findings: 0, Kpis: 0, Texts: 0, Names: 0 };
}
