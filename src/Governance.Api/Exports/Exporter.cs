using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>Writes stored facts as files for other programs and people.</summary>
public static class Exporter
{
    /// <summary>True when the combination exists; <see cref="WriteAsync"/> refuses every other.</summary>
    public static bool Supports(ExportFormat format, ExportWhat what) => format switch
    {
        ExportFormat.Json => true,
        ExportFormat.JsonLines or ExportFormat.Ocsf => what == ExportWhat.Findings,
        ExportFormat.Csv or ExportFormat.CsvWithBom => what != ExportWhat.All,
        ExportFormat.Markdown => what == ExportWhat.All,
        _ => false,
    };

    /// <summary>Writes UTF-8 and leaves the stream open. Tenant text stays as received, made harmless for the format.</summary>
    /// <exception cref="NotSupportedException">The format cannot hold that; see <see cref="Supports"/>.</exception>
    public static async Task WriteAsync(
        ExportFormat format, ExportWhat what, StoredFacts facts, Stream stream, CancellationToken cancellationToken = default)
    {
        if (!Supports(format, what))
        {
            throw new NotSupportedException($"{what} cannot be exported as {format}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (format == ExportFormat.Json)
        {
            await JsonExport.WriteAsync(stream, facts, what, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var file = new MemoryStream();
        switch (format, what)
        {
            case (ExportFormat.JsonLines, _):
                JsonExport.WriteFindingLines(file, facts);
                break;
            case (ExportFormat.Ocsf, _):
                OcsfFindings.Write(file, facts);
                break;
            case (ExportFormat.Markdown, _):
                MarkdownSummary.Write(file, facts);
                break;
            case (_, ExportWhat.Findings):
                FindingsCsv.Write(file, facts, format == ExportFormat.CsvWithBom);
                break;
            case (_, ExportWhat.Apps):
                AppsCsv.Write(file, facts, format == ExportFormat.CsvWithBom);
                break;
            default:
                KpisCsv.Write(file, facts, format == ExportFormat.CsvWithBom);
                break;
        }

        file.Position = 0;
        await file.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }
}
