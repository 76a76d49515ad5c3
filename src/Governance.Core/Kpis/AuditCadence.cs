using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class AuditCadence : IKpi
{
    public string Id => "audit-cadence";

    public string Unit => "percent";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => false;

    public string Definition =>
        "Share of the last 30 nights (days in UTC, this one included) with a complete scan; for a tenant watched for fewer, the nights since its first scan.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [];

    private const int Nights = 30;

    public KpiReading Measure(KpiContext context)
    {
        var watched = context.Today.DayNumber - DateOnly.FromDateTime(context.WatchedSince.UtcDateTime).DayNumber + 1;
        var nights = Math.Clamp(watched, 1, Nights);
        var first = context.Today.AddDays(1 - nights);
        var audited = context.Nights
            .Where(night => night.Complete)
            .Select(night => DateOnly.FromDateTime(night.StartedAt.UtcDateTime))
            .Where(day => day >= first && day <= context.Today)
            .Distinct()
            .Count();
        return KpiReading.Share(audited, nights, string.Empty);
    }
}
