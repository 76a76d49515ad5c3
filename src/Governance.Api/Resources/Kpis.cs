using System.Collections.Immutable;
using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/kpis</c>: the figures of the last scan and, when asked for, of the scans before it.</summary>
internal static class Kpis
{
    private const int MostHistory = 90;

    public static readonly ImmutableArray<ApiEndpoint> Endpoints = [new("getKpis", "GET", "/api/kpis", ApiRoles.Read, ["history"], GetAsync)];

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var history = call.Number("history", 0, 0, MostHistory);
        var facts = await call.FactsAsync().ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("scanId", facts.State.LastScan.Id);
            json.WriteString("asOf", ScanDocument.Time(facts.State.LastScan.StartedAt));
            Write(json, facts.State.Kpis);
            json.WriteStartArray("history");
            foreach (var before in facts.History.Reverse().Skip(1).Take(history))
            {
                json.WriteStartObject();
                json.WriteString("scanId", before.ScanId);
                json.WriteString("asOf", ScanDocument.Time(before.StartedAt));
                Write(json, before.Values);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }) with { ETag = Tags.Of(call, facts) };
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<KpiValue> values)
    {
        json.WriteStartArray("kpis");
        foreach (var value in values)
        {
            ScanDocument.Write(json, value);
        }

        json.WriteEndArray();
    }
}
