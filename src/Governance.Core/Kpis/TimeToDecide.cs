using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;

namespace Governance.Core.Kpis;

internal sealed class TimeToDecide : IKpi
{
    public string Id => "time-to-decide";

    public string Unit => "hours";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Median hours from the finding that an AI tool has no approval to the policy that decided on it, for decisions of the last 90 days.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [];

    private const int Days = 90;
    private const string Rule = "unapproved-ai-tool";

    public KpiReading Measure(KpiContext context)
    {
        var decided = context.Findings
            .Where(finding => finding.Rule == Rule && finding is { Cause: ResolutionCause.Policy, ResolvedAt: not null } && finding.ResolvedAt >= context.AsOf.AddDays(-Days))
            .Select(finding => finding.ResolvedAt!.Value - finding.OpenedAt)
            .ToArray();
        return Percentiles.Reading(decided.Where(duration => duration >= TimeSpan.Zero), decided.Count(duration => duration < TimeSpan.Zero), "no AI tool was decided on in the last 90 days");
    }
}
