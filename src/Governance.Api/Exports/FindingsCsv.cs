using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>Findings as a table, resolved ones included, most severe first.</summary>
internal static class FindingsCsv
{
    private static readonly ImmutableArray<CsvTable.Column<Finding>> Columns =
    [
        new("id", finding => finding.Id),
        new("rule", finding => finding.Rule),
        new("severity", finding => ContractNames.Of(finding.Severity)),
        new("state", finding => ContractNames.Of(finding.State)),
        new("unconfirmed", finding => finding.Unconfirmed),
        new("subject", finding => finding.Subject),
        new("subjectName", finding => finding.SubjectName),
        new("title", finding => finding.Title),
        new("evidence", finding => string.Join("; ", finding.Evidence.Select(item => $"{item.Name}: {item.Value}"))),
        new("firstSeen", finding => finding.FirstSeen),
        new("lastSeen", finding => finding.LastSeen),
        new("openedAt", finding => finding.OpenedAt),
        new("resolvedAt", finding => finding.ResolvedAt),
        new("resolvedBy", finding => finding.ResolvedBy),
        new("policyVersion", finding => finding.PolicyVersion),
    ];

    public static void Write(Stream stream, StoredFacts facts, bool bom) => CsvTable.Write(
        stream,
        facts.State.Findings.OrderByDescending(finding => finding.Live).ThenByDescending(finding => finding.Severity).ThenBy(finding => finding.Id, StringComparer.Ordinal),
        Columns,
        bom);
}
