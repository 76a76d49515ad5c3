using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Exports;
using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/export</c>: what was found, as a file for another program.</summary>
internal static class Exported
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints = [new("export", "GET", "/api/export", ApiRoles.Read, ["format", "what"], GetAsync)];

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var format = Words.Of<ExportFormat>(call, "format") ?? ExportFormat.Json;
        var what = Words.Of<ExportWhat>(call, "what") ?? (Exporter.Supports(format, ExportWhat.Findings) ? ExportWhat.Findings : ExportWhat.All);
        if (!Exporter.Supports(format, what))
        {
            throw new ApiProblemException(400, "unsupported-export", $"{ContractNames.Of(what)} cannot be exported as {ContractNames.Of(format)}");
        }

        var facts = await call.FactsAsync().ConfigureAwait(false);
        var (known, state) = await Decided.OfAsync(call, facts).ConfigureAwait(false);
        var (type, ending) = Kind(format);
        var answer = new ApiAnswer(200, type, default) { ETag = Tags.Of(call, facts, state), FileName = $"governance-{ContractNames.Of(what)}.{ending}" };
        if (format == ExportFormat.Json && what is (ExportWhat.All or ExportWhat.Apps))
        {
            return answer with { Write = (stream, aborted) => Exporter.WriteAsync(format, what, known, stream, aborted) };
        }

        var file = await call.Api.Facts.RenderAsync(
            facts, $"export {format} {what}", state, stream => Exporter.WriteAsync(format, what, known, stream, CancellationToken.None), call.Aborted).ConfigureAwait(false);
        return answer with { Body = file };
    }

    private static (string Type, string Ending) Kind(ExportFormat format) => format switch
    {
        ExportFormat.Json => (ApiAnswer.JsonType, "json"),
        ExportFormat.JsonLines or ExportFormat.Ocsf => ("application/jsonl; charset=utf-8", "jsonl"),
        ExportFormat.Csv or ExportFormat.CsvWithBom => ("text/csv; charset=utf-8", "csv"),
        _ => ("text/markdown; charset=utf-8", "md"),
    };
}
