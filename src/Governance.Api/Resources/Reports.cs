using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Api.Report;
using Governance.Core.Digest;

namespace Governance.Api.Resources;

/// <summary><c>/api/report</c>: the last scan as one HTML page.</summary>
internal static class Reports
{
    /// <summary>The page brings its own style and script; it may ask nobody for anything, and does not belong to this origin.</summary>
    internal const string Policy =
        "sandbox allow-scripts allow-modals allow-popups; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static readonly ImmutableArray<ApiEndpoint> Endpoints = [new("getReport", "GET", "/api/report", ApiRoles.Read, ["language"], GetAsync) { Page = true }];

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var language = call.Choice("language", [.. Language.Tags]) ?? Language.Tags[0];
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var (known, state) = await Decided.OfAsync(call, facts).ConfigureAwait(false);
        var page = await call.Api.Facts.RenderAsync(
            facts, $"report {language}", state, stream => ReportPage.WriteAsync(stream, known, language, CancellationToken.None), call.Aborted).ConfigureAwait(false);
        return new ApiAnswer(200, "text/html; charset=utf-8", page) { ETag = Tags.Of(call, facts, state), ContentSecurityPolicy = Policy };
    }
}
