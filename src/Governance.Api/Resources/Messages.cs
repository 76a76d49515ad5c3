using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;

namespace Governance.Api.Resources;

/// <summary><c>/api/queue</c>: what waits, what is parked and why; and putting a parked message back.</summary>
internal static class Messages
{
    private const int MostShown = 200;

    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("getQueue", "GET", "/api/queue", ApiRoles.Admin, [], GetAsync),
        new("replayMessage", "POST", "/api/queue/{id}/replay", ApiRoles.Admin, [], ReplayAsync),
    ];

    private static async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var counts = await call.Api.Queue.CountAsync(call.Aborted).ConfigureAwait(false);
        var parked = await VisibleAsync(call).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("pending", counts.Pending);
            json.WriteNumber("leased", counts.Leased);
            json.WriteNumber("done", counts.Done);
            json.WriteStartArray("parked");
            foreach (var message in parked)
            {
                json.WriteStartObject();
                json.WriteString("id", message.Id);
                json.WriteString("tenantId", message.TenantId?.ToString());
                json.WriteString("reason", message.Reason);
                json.WriteNumber("attempts", message.Attempts);
                json.WriteString("sentAt", ScanDocument.Time(message.SentAt));
                json.WriteString("parkedAt", ScanDocument.Time(message.ParkedAt));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task<ApiAnswer> ReplayAsync(ApiCall call)
    {
        using var fields = call.Fields();
        var parked = await VisibleAsync(call).ConfigureAwait(false);
        if (!parked.Any(message => message.Id == call.Id) || !await call.Api.Queue.ReplayAsync(call.Id, call.Aborted).ConfigureAwait(false))
        {
            throw ApiProblemException.NotFound("parked message");
        }

        return ApiAnswer.Json(202, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteEndObject();
        });
    }

    /// <summary>A message without a tenant is shown to callers who may see every tenant.</summary>
    private static async Task<ImmutableArray<ParkedMessage>> VisibleAsync(ApiCall call) =>
    [
        .. (await call.Api.Queue.ParkedAsync(MostShown, call.Aborted).ConfigureAwait(false))
            .Where(message => message.TenantId is { } tenant ? call.Caller!.MaySee(tenant) : call.Caller!.Tenants is null),
    ];
}
