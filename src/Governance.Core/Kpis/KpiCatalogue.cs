using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

/// <summary>Every KPI, and the measuring of all of them.</summary>
public static class KpiCatalogue
{
    /// <summary>In the order of reports.</summary>
    public static readonly ImmutableArray<IKpi> All =
    [
        new AiToolsInUse(),
        new UnapprovedAiTools(),
        new ApprovalCoverage(),
        new ExposedUsers(),
        new ExposedUsersMarketing(),
        new ExposedUsersMarketingShare(),
        new CustomerDataExposure(),
        new CustomerDataExposureUnapproved(),
        new TenantWideGrants(),
        new NewAiConsents(),
        new TimeToDetect(),
        new TimeToDecide(),
        new TimeToRemediate(),
        new OverdueReviews(),
        new PermissionDrift(),
        new AuditCadence(),
        new VerifiedPublisherShare(),
        new DormantAccess(),
        new LookAlikes(),
        new GrandfatheredGrants(),
        new TrainingCoverage(),
        new GovernanceIndex(),
        new CostScenario(),
    ];

    /// <summary>Ids in the order of <see cref="All"/>: what a policy may set a target for.</summary>
    public static readonly ImmutableArray<string> Ids = [.. All.Select(kpi => kpi.Id)];

    /// <returns>Null when no KPI has the id.</returns>
    public static IKpi? ById(string id) => All.FirstOrDefault(kpi => kpi.Id == id);

    /// <returns>One value for each KPI, in the order of <see cref="All"/>.</returns>
    public static ImmutableArray<KpiValue> Measure(KpiContext context) => [.. All.Select(kpi => Value(kpi, context))];

    /// <summary>Measures one KPI; without a part it needs the value is not available, and a share has one over complete inputs only.</summary>
    internal static KpiReading Read(IKpi kpi, KpiContext context)
    {
        var missing = kpi.RestsOn.Select(context.Part).Where(part => part.Status is PartStatus.Unavailable or PartStatus.Skipped).ToArray();
        if (missing.Length > 0)
        {
            return KpiReading.NotAvailable($"not read: {string.Join(", ", missing.Select(part => PartNames.Of(part.Part)))}");
        }

        var reading = Marked(kpi, kpi.Measure(context), context);
        var halves = kpi.RestsOn.Select(context.Part).Where(part => !part.Complete).ToArray();
        if (halves.Length > 0)
        {
            reading = reading.Incomplete($"not read whole: {string.Join(", ", halves.Select(part => PartNames.Of(part.Part)))}");
        }

        return WholeShare(kpi, reading, context);
    }

    /// <summary>Marks a count by approvals of which some could not be assessed.</summary>
    private static KpiReading Marked(IKpi kpi, KpiReading reading, KpiContext context) => kpi.CountsApprovals && reading.Value is not null && context.Unconfirmed > 0
        ? reading.Incomplete(FormattableString.Invariant($"approvals that could not be assessed: {context.Unconfirmed}"))
        : reading;

    /// <summary>What a share of half-read numbers is, nobody can say: both its numbers may be off in either direction.</summary>
    /// <remarks>Members of assigned groups are no part of a scan: a share that lacks only them keeps its value and is marked.</remarks>
    private static KpiReading WholeShare(IKpi kpi, KpiReading reading, KpiContext context) =>
        !reading.Whole && kpi.Unit is ("percent" or "index") && (!Inventory.Needed.All(part => context.Part(part).Complete) || (kpi.CountsApprovals && context.Unconfirmed > 0))
            ? KpiReading.NotAvailable(reading.Note ?? "not everything could be counted")
            : reading;

    /// <summary>Measures a KPI over some of the apps, such as those that one department uses.</summary>
    internal static KpiReading ReadOver(IKpi kpi, KpiContext some, bool complete)
    {
        var reading = Marked(kpi, kpi.Measure(some), some);
        return WholeShare(kpi, complete ? reading : reading with { Whole = false }, some);
    }

    private static KpiValue Value(IKpi kpi, KpiContext context)
    {
        var reading = Read(kpi, context);
        var previous = context.Previous.FirstOrDefault(value => value.Id == kpi.Id && value.DefinitionVersion == kpi.DefinitionVersion);
        return new KpiValue(
            kpi.Id,
            reading.Value,
            kpi.Unit,
            context.Policy.KpiTargets.TryGetValue(kpi.Id, out var target) ? target : null,
            previous?.Value,
            reading.Whole && previous is { Complete: true } ? KpiValue.TrendOf(reading.Value, previous.Value) : Trend.None,
            reading.SampleSize,
            kpi.DefinitionVersion,
            reading.Whole,
            reading.Note)
        {
            Parts = reading.Parts,
        };
    }
}
