using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Digest;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/digests</c>: what a digest of the last scan says, before any card.</summary>
internal static class Digests
{
    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
        [new("getDigest", "GET", "/api/digests", ApiRoles.Read, ["audience", "language", "format"], GetAsync)];

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var audience = Words.Of<DigestAudience>(call, "audience") ?? DigestAudience.Executive;
        var language = call.Choice("language", [.. Language.Tags]) ?? Language.Tags[0];
        var format = call.Choice("format", "json", "text") ?? "json";
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var (known, state) = await Decided.OfAsync(call, facts).ConfigureAwait(false);
        return Shared.Answer(call, facts, state, () =>
        {
            var content = DigestComposer.Compose(known.Digest, audience, language);
            return format == "text"
                ? new ApiAnswer(200, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(DigestText.Of(content)))
                : ApiAnswer.Json(200, json => Write(json, content, facts));
        });
    }

    /// <remarks>Sentences are plain text with tenant text made visible; whoever shows them must still escape for his own markup.</remarks>
    private static void Write(Utf8JsonWriter json, DigestContent content, StoredFacts facts)
    {
        json.WriteStartObject();
        json.WriteString("scanId", facts.State.LastScan.Id);
        json.WriteString("audience", ContractNames.Of(content.Audience));
        json.WriteString("language", content.Language);
        json.WriteString("title", content.Title);
        json.WriteString("subtitle", content.Subtitle.ToPlainText());
        json.WriteString("headline", content.Headline.ToPlainText());
        json.WriteString("dataNote", content.DataNote?.ToPlainText());
        json.WriteStartArray("tiles");
        foreach (var tile in content.Tiles)
        {
            json.WriteStartObject();
            json.WriteString("kpi", tile.KpiId);
            json.WriteString("label", tile.Label);
            json.WriteString("value", tile.Value);
            json.WriteString("trend", tile.Trend);
            json.WriteString("target", tile.Target);
            json.WriteString("tone", ContractNames.Of(tile.Tone));
            json.WriteBoolean("complete", tile.Complete);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sections");
        foreach (var section in content.Sections)
        {
            json.WriteStartObject();
            json.WriteString("title", section.Title);
            json.WriteNumber("total", section.Total);
            json.WriteStartArray("lines");
            foreach (var line in section.Lines)
            {
                json.WriteStringValue(line.Text.ToPlainText());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("decisions");
        foreach (var decision in content.Decisions)
        {
            json.WriteStartObject();
            json.WriteString("text", decision.Text.ToPlainText());
            json.WriteString("owner", decision.Owner.ToPlainText());
            json.WriteString("due", decision.Due.ToString("yyyy-MM-dd"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
