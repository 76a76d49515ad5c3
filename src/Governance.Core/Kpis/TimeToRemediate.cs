using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class TimeToRemediate : IKpi
{
    public string Id => "time-to-remediate";

    public string Unit => "hours";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Median hours from the opening of a finding to its resolution, for findings resolved in the last 90 days.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [];

    private const int Days = 90;

    public KpiReading Measure(KpiContext context)
    {
        var resolved = context.Findings
            .Where(finding => finding.ResolvedAt is not null && finding.ResolvedAt >= context.AsOf.AddDays(-Days))
            .Select(finding => finding.ResolvedAt!.Value - finding.OpenedAt)
            .ToArray();
        return Percentiles.Reading(resolved.Where(duration => duration >= TimeSpan.Zero), resolved.Count(duration => duration < TimeSpan.Zero), "no finding was resolved in the last 90 days");
    }
}
