using Governance.Core.Policy;

namespace Governance.Core.Scans.Decisions;

/// <summary>Removes from what scans left: a person, or what is too old.</summary>
public interface IPersonalRecords
{
    /// <summary>Takes a user out of every inventory kept. Figures computed from it stay as they are: they name nobody.</summary>
    /// <returns>Inventories that had the user.</returns>
    Task<int> EraseUserAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a person out of what the program keeps of its own work: unfinished readings, answers kept for repeats, who asked for a scan,
    /// who confirmed what an app is.
    /// </summary>
    /// <remarks>A reason that someone else wrote loses the name alone; an answer kept for a repeat goes whole.</remarks>
    /// <returns>Records that named the person, none of them inventories; unfinished readings are removed whole and not counted.</returns>
    Task<PersonTraces> EraseTracesAsync(Guid tenantId, NamedPerson person, CancellationToken cancellationToken);

    /// <summary>Counts what <see cref="EraseUserAsync"/> and <see cref="EraseTracesAsync"/> would remove or change; changes nothing.</summary>
    Task<PersonTraces> FindTracesAsync(Guid tenantId, NamedPerson person, CancellationToken cancellationToken);

    /// <summary>Stands where a person's name or id stood.</summary>
    public const string Erased = "erased";

    /// <summary>Removes what ended before the days given; what the last scan left stays, whatever its age.</summary>
    /// <param name="dryRun">True only counts.</param>
    Task<RetentionCounts> RetainAsync(Guid tenantId, RetentionPeriods periods, DateTimeOffset now, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>How many records of each kind were, or would be, removed.</summary>
public sealed record RetentionCounts(int Inventories, int Findings, int Kpis, int Texts, int Names)
{
    public static readonly RetentionCounts None = new(0, 0, 0, 0, 0);

    /// <summary>Runs that ended, which tell who asked for them; kept as long as the texts of decisions.</summary>
    public int Runs { get; init; }

    public bool Nothing => this is { Inventories: 0, Findings: 0, Kpis: 0, Texts: 0, Names: 0, Runs: 0 };
}
