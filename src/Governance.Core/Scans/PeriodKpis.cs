using System.Collections.Immutable;
using Governance.Core.Kpis;
using Governance.Core.Policy;

namespace Governance.Core.Scans;

/// <summary>How the KPIs stood at the end of a period, compared with the end of the one before.</summary>
/// <param name="Period">Key such as <c>2026-Q4</c>, by the UTC day on which a scan began.</param>
/// <param name="ScanId">The scan the values are of: the last complete one of the period, else the last; null when the period has none.</param>
/// <param name="Values">Empty when the period has no scan: a gap is not a row of zeros.</param>
public sealed record PeriodKpis(string Period, string? ScanId, ScanStatus? Status, ImmutableArray<KpiValue> Values)
{
    /// <param name="history">KPI values by scan, in any order.</param>
    /// <param name="most">Periods to give, counted back from the one of the last scan.</param>
    /// <returns>Oldest first, gaps included; it begins with the period of the first scan known.</returns>
    public static ImmutableArray<PeriodKpis> Of(IEnumerable<ScanKpis> history, ReportingPeriod period, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        var scans = history.OrderBy(scan => scan.StartedAt).ToArray();
        if (scans.Length == 0)
        {
            return [];
        }

        var byPeriod = scans.ToLookup(scan => ReportingPeriods.KeyOf(period, Day(scan)));
        var periods = ImmutableArray.CreateBuilder<PeriodKpis>();
        var before = ImmutableArray<KpiValue>.Empty;
        for (var day = ReportingPeriods.FirstDay(period, Day(scans[0])); day <= Day(scans[^1]); day = ReportingPeriods.NextFirstDay(period, day))
        {
            var key = ReportingPeriods.KeyOf(period, day);
            if ((byPeriod[key].LastOrDefault(scan => scan.Status == ScanStatus.Complete) ?? byPeriod[key].LastOrDefault()) is not { } last)
            {
                periods.Add(new PeriodKpis(key, null, null, []));
                continue;
            }

            var earlier = before;
            periods.Add(new PeriodKpis(key, last.ScanId, last.Status, [.. last.Values.Select(value => value.Against(earlier.FirstOrDefault(other => other.Id == value.Id)))]));
            before = last.Values;
        }

        return [.. periods.TakeLast(most)];
    }

    private static DateOnly Day(ScanKpis scan) => DateOnly.FromDateTime(scan.StartedAt.UtcDateTime);
}
