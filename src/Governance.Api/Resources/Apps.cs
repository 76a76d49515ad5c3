using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Catalogue;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/apps</c>: the apps of the last scan, riskiest first.</summary>
internal static class Apps
{
    private const int LongestSearch = 100;

    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("listApps", "GET", "/api/apps", ApiRoles.Read, [.. Page.Query, "verdict", "state", "level", "lookalike", "firstParty", "search"], ListAsync),
        new("getApp", "GET", "/api/apps/{id}", ApiRoles.Read, [], GetAsync),
    ];

    private static async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var wanted = Filter(call);
        var since = await call.Api.Since.ReadAsync(facts, call.Aborted).ConfigureAwait(false);
        return Shared.Answer(call, facts, since.Mark, () =>
        {
            var apps = facts.State.Apps.Where(app => wanted(since.Now(app))).Select(app => (App: app, Id: app.Id.ToString())).OrderByDescending(entry => entry.App.Risk.Score).ThenBy(entry => entry.Id, StringComparer.Ordinal).ToArray();
            return Page.Of(call, facts.State.LastScan.TenantId, "apps", apps, entry => new Cursor(entry.App.Risk.Score, 0, entry.Id), (json, entry) => ScanDocument.Write(json, entry.App, since));
        });
    }

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var facts = await call.FactsAsync().ConfigureAwait(false);
        var app = Guid.TryParseExact(call.Id, "D", out var id) ? facts.State.Apps.FirstOrDefault(known => known.Id == id) : null;
        if (app is null)
        {
            throw ApiProblemException.NotFound("app");
        }

        var since = await call.Api.Since.ReadAsync(facts, call.Aborted).ConfigureAwait(false);
        return ApiAnswer.Json(200, json => ScanDocument.Write(json, app, since)) with { ETag = Tags.Of(call, facts, since.Mark) };
    }

    private static Func<AssessedApp, bool> Filter(ApiCall call)
    {
        var verdict = Words.Of<AiVerdict>(call, "verdict");
        var state = Words.Of<GovernanceState>(call, "state");
        var level = Words.Of<Severity>(call, "level");
        var lookalike = call.Choice("lookalike", "true", "false");
        var firstParty = call.Choice("firstParty", "true", "false");
        var search = call.Query("search");
        if (search is { Length: 0 or > LongestSearch })
        {
            throw ApiProblemException.Invalid("invalid-parameter", $"search is not 1 to {LongestSearch} characters");
        }

        return app =>
            (verdict is null || app.Classification.Ai.Verdict == verdict)
            && (state is null || app.Standing.State == state)
            && (level is null || app.Risk.Level >= level)
            && (lookalike is null || (app.Classification.Lookalike is not null) == (lookalike == "true"))
            && (firstParty is null || app.Classification.FirstParty == (firstParty == "true"))
            && (search is null || app.App.Principal.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
    }
}
