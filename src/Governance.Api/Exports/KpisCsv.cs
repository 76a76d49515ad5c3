using System.Collections.Immutable;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>KPI values of every scan kept, oldest scan first; an empty value is not available, never 0.</summary>
internal static class KpisCsv
{
    private static readonly ImmutableArray<CsvTable.Column<(ScanKpis Scan, KpiValue Kpi)>> Columns =
    [
        new("scanId", row => row.Scan.ScanId),
        new("startedAt", row => row.Scan.StartedAt),
        new("scanStatus", row => ContractNames.Of(row.Scan.Status)),
        new("id", row => row.Kpi.Id),
        new("value", row => row.Kpi.Value),
        new("unit", row => row.Kpi.Unit),
        new("target", row => row.Kpi.Target),
        new("previous", row => row.Kpi.Previous),
        new("trend", row => ContractNames.Of(row.Kpi.Trend)),
        new("sampleSize", row => row.Kpi.SampleSize),
        new("definitionVersion", row => row.Kpi.DefinitionVersion),
        new("complete", row => row.Kpi.Complete),
        new("note", row => row.Kpi.Note),
    ];

    public static void Write(Stream stream, StoredFacts facts, bool bom) =>
        CsvTable.Write(stream, facts.History.SelectMany(scan => scan.Values.Select(kpi => (scan, kpi))), Columns, bom);
}
