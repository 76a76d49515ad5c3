using System.Collections.Immutable;
using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;

namespace Governance.Api.Resources;

/// <summary><c>/api/scans</c>: ask for a scan, watch it, stop it, find what it left.</summary>
internal static class Scans
{
    /// <summary>Runs and scans looked through for a list.</summary>
    private const int LookedThrough = 1000;

    /// <summary>Seconds after which asking about a run again makes sense.</summary>
    private const int PollAfter = 2;

    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("requestScan", "POST", "/api/scans", ApiRoles.Scan, [], RequestAsync),
        new("listScans", "GET", "/api/scans", ApiRoles.Read | ApiRoles.Scan, Page.Query, ListAsync),
        new("getScan", "GET", "/api/scans/{id}", ApiRoles.Read | ApiRoles.Scan, [], GetAsync),
        new("cancelScan", "POST", "/api/scans/{id}/cancel", ApiRoles.Scan, [], CancelAsync),
    ];

    private static async Task<ApiAnswer> RequestAsync(ApiCall call)
    {
        using var fields = call.Fields("mode");
        var mode = fields.RootElement.TryGetProperty("mode", out var given) ? Mode(given) : ScanMode.Full;
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        if (!call.Api.Sources.Tenants.Contains(tenant))
        {
            throw new ApiProblemException(409, "tenant-not-set-up", "what is kept of this tenant can be read, but the server is not set up to scan it");
        }

        var (run, _) = await (call.Mark is { } mark
            ? call.Api.Requests.AskOnceAsync(mark, tenant, mode, call.Caller!.Id, call.Aborted)
            : call.Api.Requests.AskAsync(tenant, mode, call.Caller!.Id, call.Aborted)).ConfigureAwait(false);
        return ApiAnswer.Json(202, json => ScanResource.Write(json, run, null)) with { Location = $"/api/scans/{run.Id}", RetryAfter = PollAfter, ETag = TagOf(run) };
    }

    private static async Task<ApiAnswer> ListAsync(ApiCall call)
    {
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var runs = await call.Api.Runs.RecentAsync(tenant, LookedThrough, call.Aborted).ConfigureAwait(false);
        var scans = await call.Api.Store.ScansAsync(tenant, LookedThrough, call.Aborted).ConfigureAwait(false);
        var byId = scans.ToDictionary(scan => scan.Id, StringComparer.Ordinal);
        var left = runs.Select(run => run.ScanId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var all = runs.Select(run => (run.Id, At: run.RequestedAt, Run: (ScanRun?)run, Scan: run.ScanId is { } id ? byId.GetValueOrDefault(id) : null))
            .Concat(scans.Where(scan => !left.Contains(scan.Id)).Select(scan => (scan.Id, At: scan.StartedAt, Run: (ScanRun?)null, Scan: (Scan?)scan)))
            .OrderByDescending(entry => entry.At.UtcTicks).ThenBy(entry => entry.Id, StringComparer.Ordinal).ToArray();
        return Page.Of(call, tenant, "scans", all, entry => new Cursor(0, entry.At.UtcTicks, entry.Id), (json, entry) =>
        {
            if (entry.Run is { } run)
            {
                ScanResource.Write(json, run, entry.Scan);
            }
            else
            {
                ScanResource.Write(json, entry.Scan!);
            }
        });
    }

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var run = await call.Api.Runs.FindAsync(tenant, call.Id, call.Aborted).ConfigureAwait(false);
        var scan = await ScanAsync(call, tenant, run is null ? call.Id : run.ScanId).ConfigureAwait(false);
        return (run, scan) switch
        {
            ({ } asked, _) => ApiAnswer.Json(200, json => ScanResource.Write(json, asked, scan)) with { ETag = TagOf(asked), RetryAfter = asked.Live ? PollAfter : null },
            (null, { } kept) => ApiAnswer.Json(200, json => ScanResource.Write(json, kept)) with { ETag = $"\"{kept.Id}\"" },
            _ => throw ApiProblemException.NotFound("scan"),
        };
    }

    private static async Task<ApiAnswer> CancelAsync(ApiCall call)
    {
        using var fields = call.Fields();
        var tenant = await call.TenantAsync().ConfigureAwait(false);
        var match = call.Http.Request.Headers.IfMatch.ToString();
        var run = await call.Api.Runs.ChangeAsync(
            tenant,
            call.Id,
            known => match.Length > 0 && match != "*" && match != TagOf(known)
                ? throw new ApiProblemException(412, "changed-meanwhile", "the run is not as the If-Match header says; get it again")
                : known.Live ? known.Cancelling(call.Api.Time.GetUtcNow()) : throw new ApiProblemException(409, "scan-ended", "the scan has ended already"),
            call.Aborted).ConfigureAwait(false) ?? throw ApiProblemException.NotFound("scan");
        return ApiAnswer.Json(202, json => ScanResource.Write(json, run, null)) with { ETag = TagOf(run), RetryAfter = run.Live ? PollAfter : null };
    }

    private static async Task<Scan?> ScanAsync(ApiCall call, Guid tenant, string? scanId) =>
        scanId is null ? null : (await call.Api.Store.ScansAsync(tenant, LookedThrough, call.Aborted).ConfigureAwait(false)).FirstOrDefault(scan => scan.Id == scanId);

    private static ScanMode Mode(JsonElement given) => given.ValueKind == JsonValueKind.String ? given.GetString() switch
    {
        "full" => ScanMode.Full,
        "incremental" => ScanMode.Incremental,
        _ => throw WrongMode(),
    }
    : throw WrongMode();

    private static ApiProblemException WrongMode() => ApiProblemException.Invalid("invalid-mode", "mode is full or incremental");

    private static string TagOf(ScanRun run) => $"\"{run.Version}\"";
}
