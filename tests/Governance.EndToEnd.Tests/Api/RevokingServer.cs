using System.Net;
using System.Text.Json;
using Governance.Api.Http;
using Governance.Core.Findings;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Revocations;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server that may carry out revocations, with a scanned tenant and people who call it. Each test takes apps of its own.</summary>
public sealed class RevokingServer : IAsyncLifetime
{
    private readonly Queue<AssessedApp> _apps = new();

    internal RunningServer Server { get; private set; } = null!;

    internal Authority Authority { get; private set; } = null!;

    /// <summary>What the writer asks for its tokens; the scanner has another source.</summary>
    internal WriterToken Token { get; } = new();

    internal GraphSimulator Graph => Server.Tenant.Simulator;

    public async Task InitializeAsync()
    {
        Authority = await Authority.StartAsync();
        var tenant = await ScannableTenant.StartAsync();
        var limits = new ApiOptions { RefusalsPerMinute = 1000, RequestsPerSecond = 1000, ChangesPerMinute = 1000 };
        var writers = new GraphConsentWriters(tenant.Simulator.Endpoint, _ => Token, TimeProvider.System);
        Server = await RunningServer.StartAsync(tenant, Authority.Options(tenant.Id), limits, writers: writers);
        await Server.ScanAsync();
        var state = (await Server.Scans.StateAsync(tenant.Id, default))!;
        foreach (var app in state.Apps.Where(app => app.App.Grants is >= 2 and <= 40 && !app.App.Reach.TenantWide && app.App.AppRoles == 0 && app.App.Principal.AppId is not null))
        {
            _apps.Enqueue(app);
        }
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Server.Tenant.DisposeAsync();
        await Authority.DisposeAsync();
    }

    /// <summary>An app with grants for several users and none for everyone, which no other test has.</summary>
    internal AssessedApp App() => _apps.Dequeue();

    /// <summary>A person of the tenant.</summary>
    internal HttpClient Person(int number, params string[] roles) =>
        Server.Client(Authority.TokenOf(Guid.Parse($"0c0c0c0c-1111-4222-8333-{number:D12}"), Server.Tenant.Id, roles));

    internal HttpClient Revoker(int number) => Person(number, "Governance.Revoke");

    /// <summary>Requests that would change the tenant, since the last order was made.</summary>
    internal IReadOnlyList<LoggedRequest> Writes =>
        [.. Graph.Requests.Entries.Where(request => request.Method is "DELETE" or "POST" && !request.PathAndQuery.Contains("$batch", StringComparison.Ordinal) && !request.PathAndQuery.Contains("getByIds", StringComparison.Ordinal))];

    internal async Task<GovernanceRecord> RecordAsync() =>
        GovernanceRecord.Of(await Server.Services.GetRequiredService<IDecisionLedger>().ReadAsync(Server.Tenant.Id, default));

    /// <summary>Person 1 plans to take away everything the app holds, and others agree.</summary>
    internal async Task<JsonElement> OrderAsync(AssessedApp app, params int[] approvers)
    {
        using var planner = Revoker(1);
        var order = await Sent(planner, "/api/revocations", $$"""{"app":"{{app.Id}}","reason":"records clients"}""", HttpStatusCode.Created);
        foreach (var number in approvers)
        {
            using var approver = Revoker(number);
            order = await Sent(approver, $"{Path(order)}/approval", $$"""{"fingerprint":"{{order.GetProperty("fingerprint").GetString()}}"}""", HttpStatusCode.OK);
        }

        Graph.Requests.Clear();
        return order;
    }

    internal static string Path(JsonElement order) => $"/api/revocations/{order.GetProperty("id").GetString()}";

    internal static async Task<JsonElement> Sent(HttpClient client, string path, string body, HttpStatusCode expected)
    {
        using var response = await client.PostAsync(path, ApiClient.Json(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>Code of the problem that an act is answered with.</summary>
    internal static async Task<string> Refused(HttpClient client, string path, string body, HttpStatusCode expected)
    {
        using var response = await client.PostAsync(path, ApiClient.Json(body));
        return await response.Problem(expected);
    }
}

internal sealed class WriterToken : ITokenSource
{
    public int Asked { get; private set; }

    public ValueTask<string> TokenAsync(string scope, string? rejected, string? claims, CancellationToken cancellationToken)
    {
        Asked++;
        return new("writer-token");
    }
}
