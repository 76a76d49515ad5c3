using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary><c>/api/health</c>: whether the server does its work. Everybody learns the state; who may read learns why.</summary>
internal static class Health
{
    /// <summary>A message that waits longer than this says that nobody works.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(15);

    /// <summary>A night may fail; a day and a half without a complete scan is worth a look.</summary>
    private static readonly TimeSpan OldScan = TimeSpan.FromHours(36);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static readonly ImmutableArray<ApiEndpoint> Endpoints =
    [
        new("getHealth", "GET", "/api/health", ApiRoles.None, [], StateAsync),
        new("getHealthDetails", "GET", "/api/health/details", ApiRoles.Read | ApiRoles.Admin, [], DetailsAsync),
    ];

    private static async Task<ApiAnswer> StateAsync(ApiCall call)
    {
        var state = (await ReadAsync(call, null).ConfigureAwait(false)).Max(read => read.Reading.State);
        return ApiAnswer.Json(state == HealthState.Unhealthy ? 503 : 200, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", ContractNames.Of(state));
            json.WriteEndObject();
        });
    }

    private static async Task<ApiAnswer> DetailsAsync(ApiCall call)
    {
        var read = await ReadAsync(call, call.Caller).ConfigureAwait(false);
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", ContractNames.Of(read.Max(one => one.Reading.State)));
            json.WriteStartArray("checks");
            foreach (var (name, reading) in read)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("status", ContractNames.Of(reading.State));
                json.WriteString("note", reading.Note);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <param name="caller">Whose tenants are told of one by one; null for the anonymous answer, which is of all.</param>
    private static async Task<ImmutableArray<(string Name, HealthReading Reading)>> ReadAsync(ApiCall call, ApiCaller? caller)
    {
        var probes = call.Api.Probes
            .Append(new HealthProbe("store", cancellationToken => StoreAsync(call.Api, cancellationToken)))
            .Append(new HealthProbe("queue", cancellationToken => QueueAsync(call.Api, cancellationToken)))
            .Append(new HealthProbe("scans", cancellationToken => ScansAsync(call.Api, caller, cancellationToken)))
            .Append(new HealthProbe("audit", cancellationToken => AuditAsync(call.Api, caller, cancellationToken)));
        var readings = ImmutableArray.CreateBuilder<(string, HealthReading)>();
        foreach (var probe in probes)
        {
            readings.Add((probe.Name, await ReadAsync(probe, call.Aborted).ConfigureAwait(false)));
        }

        return readings.ToImmutable();
    }

    private static async Task<HealthReading> ReadAsync(HealthProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            return await probe.ReadAsync(cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException fault)
        {
            return new HealthReading(HealthState.Unhealthy, $"cannot be used: {ContractNames.Of(fault.Fault)}");
        }
        catch (TimeoutException)
        {
            return new HealthReading(HealthState.Unhealthy, "does not answer");
        }
    }

    private static async Task<HealthReading> StoreAsync(GovernanceApi api, CancellationToken cancellationToken)
    {
        await api.Store.TenantsAsync(cancellationToken).ConfigureAwait(false);
        return HealthReading.Healthy;
    }

    private static async Task<HealthReading> QueueAsync(GovernanceApi api, CancellationToken cancellationToken)
    {
        var counts = await api.Queue.CountAsync(cancellationToken).ConfigureAwait(false);
        return counts switch
        {
            { OldestPending: { } oldest } when api.Time.GetUtcNow() - oldest > LongWait => new HealthReading(HealthState.Degraded, "a message waits longer than it should"),
            { Parked: > 0 } => new HealthReading(HealthState.Degraded, $"{counts.Parked} messages are parked"),
            _ => HealthReading.Healthy,
        };
    }

    private static async Task<HealthReading> ScansAsync(GovernanceApi api, ApiCaller? caller, CancellationToken cancellationToken)
    {
        foreach (var tenant in api.Sources.Tenants.Where(tenant => caller is null || caller.MaySee(tenant)))
        {
            var scans = await api.Store.ScansAsync(tenant, 10, cancellationToken).ConfigureAwait(false);
            if (scans is [{ Status: not ScanStatus.Complete } last, ..])
            {
                return new HealthReading(HealthState.Degraded, caller is null ? "the last scan of a tenant is incomplete" : $"the last scan of tenant {tenant}, {last.Id}, is incomplete");
            }

            var complete = scans.FirstOrDefault(scan => scan.Status == ScanStatus.Complete);
            if (complete is null || api.Time.GetUtcNow() - complete.CompletedAt > OldScan)
            {
                var when = complete is null ? "none is kept" : $"the last one ended {ScanDocument.Time(complete.CompletedAt)}";
                return new HealthReading(HealthState.Degraded, caller is null ? "a tenant has no recent complete scan" : $"tenant {tenant} has no recent complete scan: {when}");
            }
        }

        return HealthReading.Healthy;
    }

    private static async Task<HealthReading> AuditAsync(GovernanceApi api, ApiCaller? caller, CancellationToken cancellationToken)
    {
        foreach (var tenant in (await api.TenantsAsync(cancellationToken).ConfigureAwait(false)).Where(tenant => caller is null || caller.MaySee(tenant)))
        {
            if (await api.Ledgers.BrokenAsync(tenant, cancellationToken).ConfigureAwait(false) is { } broken)
            {
                return new HealthReading(HealthState.Degraded, caller is null ? "a decision ledger does not hold" : $"the decision ledger of tenant {tenant} does not hold at entry {broken.Entry}: {broken.Why}");
            }
        }

        return HealthReading.Healthy;
    }
}
