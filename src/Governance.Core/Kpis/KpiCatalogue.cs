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

    /// <summary>Measures one KPI; without a part it needs the value is not available.</summary>
    internal static KpiReading Read(IKpi kpi, KpiContext context)
    {
        var missing = kpi.RestsOn.Select(context.Part).Where(part => part.Status is PartStatus.Unavailable or PartStatus.Skipped).ToArray();
        if (missing.Length > 0)
        {
            return KpiReading.NotAvailable($"not read: {string.Join(", ", missing.Select(part => PartNames.Of(part.Part)))}");
        }

        var reading = kpi.Measure(context);
        var halves = kpi.RestsOn.Select(context.Part).Where(part => !part.Complete).ToArray();
        if (halves.Length == 0)
        {
            return reading;
        }

        var note = $"not read whole: {string.Join(", ", halves.Select(part => PartNames.Of(part.Part)))}";
        return reading with { Whole = false, Note = reading.Note is null ? note : $"{reading.Note}; {note}" };
    }

    private static KpiValue Value(IKpi kpi, KpiContext context)
    {
        var reading = Read(kpi, context);
        var previous = context.Previous.FirstOrDefault(value => value.Id == kpi.Id && value.DefinitionVersion == kpi.DefinitionVersion)?.Value;
        return new KpiValue(
            kpi.Id,
            reading.Value,
            kpi.Unit,
            context.Policy.KpiTargets.TryGetValue(kpi.Id, out var target) ? target : null,
            previous,
            KpiValue.TrendOf(reading.Value, previous),
            reading.SampleSize,
            kpi.DefinitionVersion,
            reading.Whole,
            reading.Note)
        {
            Parts = reading.Parts,
        };
    }
}
