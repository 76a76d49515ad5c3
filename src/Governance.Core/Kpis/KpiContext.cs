using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;

namespace Governance.Core.Kpis;

/// <summary>The stored facts that KPIs are computed from.</summary>
/// <param name="apps">At least the AI in use and the look-alikes.</param>
/// <param name="findings">After the scan, resolved ones included.</param>
/// <param name="previous">Values of the last complete scan before; empty when there is none.</param>
/// <param name="nights">Scans of the last 30 days, this one included, in any order.</param>
/// <param name="asOf">When reading began; UTC.</param>
/// <param name="watchedSince">First scan of the tenant; the same as <paramref name="asOf"/> for the first.</param>
public sealed class KpiContext(
    ImmutableArray<AssessedApp> apps,
    ImmutableArray<Finding> findings,
    Inventory inventory,
    ImmutableArray<KpiValue> previous,
    ImmutableArray<ScanNight> nights,
    GovernancePolicy policy,
    DateTimeOffset asOf,
    DateTimeOffset watchedSince)
{
    private readonly Lazy<ExposedUsers.People> _exposed = new(() => ExposedUsers.People.Of(apps, inventory, policy));

    public ImmutableArray<AssessedApp> Apps => apps;

    /// <summary>Apps there are, those not among <see cref="Apps"/> included.</summary>
    public int AppCount { get; init; } = apps.Length;

    public ImmutableArray<Finding> Findings => findings;

    public Inventory Inventory => inventory;

    public ImmutableArray<KpiValue> Previous => previous;

    public ImmutableArray<ScanNight> Nights => nights;

    public GovernancePolicy Policy => policy;

    public DateTimeOffset AsOf => asOf;

    public DateTimeOffset WatchedSince => watchedSince;

    public FindingThresholds Thresholds { get; init; } = FindingThresholds.BuiltIn;

    public DateOnly Today => DateOnly.FromDateTime(AsOf.UtcDateTime);

    public ImmutableArray<AssessedApp> AiInUse { get; } = [.. apps.Where(app => app.AiInUse)];

    /// <summary>AI tools in use with an approval that could not be assessed.</summary>
    public int Unconfirmed => AiInUse.Count(app => app.Standing.Unconfirmed);

    /// <summary>Distinct people reached by unapproved AI tools; counted once for all KPIs that ask.</summary>
    internal ExposedUsers.People Exposed => _exposed.Value;

    public PartReading Part(InventoryPart part) => Inventory.Part(part);
}

/// <summary>That a scan was made.</summary>
/// <param name="Complete">False when a part was not read whole.</param>
public readonly record struct ScanNight(DateTimeOffset StartedAt, bool Complete);
