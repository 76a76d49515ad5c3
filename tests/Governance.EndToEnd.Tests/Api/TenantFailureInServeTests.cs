using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Decisions;
using Governance.EndToEnd.Tests.Cli;
using Governance.Embedded.Sqlite;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>What is broken of one tenant costs that tenant alone, in every round of a server.</summary>
public sealed class TenantFailureInServeTests : IDisposable
{
    private const string Token = "GOVERNANCE_FAILURE_TEST_TOKEN";

    /// <summary>In the order in which a server takes them.</summary>
    private static readonly Guid First = Guid.Parse("01010101-1111-4222-8333-444444444444");
    private static readonly Guid WithoutKeys = Guid.Parse("02020202-1111-4222-8333-444444444444");
    private static readonly Guid WithoutState = Guid.Parse("03030303-1111-4222-8333-444444444444");
    private static readonly Guid Last = Guid.Parse("04040404-1111-4222-8333-444444444444");
    private static readonly Guid[] All = [First, WithoutKeys, WithoutState, Last];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MT_3_digests_and_retention_of_every_other_tenant_go_on()
    {
        Environment.SetEnvironmentVariable(Token, "failure-token");
        await using var host = await WorkflowHost.StartAsync(new Random(12), _folder["authority.pem"]);
        host.Calm();
        var environment = host.Environment;
        foreach (var tenant in All)
        {
            environment[Variable(tenant)] = WorkflowHost.AddressOf(Channel(tenant));
        }

        _folder.Write("policy.yaml", "version: 1\napproved: []\nretention: {decisionTextDays: 60}\ndigests:\n" + string.Concat(All.Select(
            tenant => $"  - {{name: {Channel(tenant)}, urlEnv: {Variable(tenant)}, period: quarter, at: \"00:00\", tenants: [{tenant}]}}\n")));
        await using var simulated = await ScannableTenant.StartAsync(MarketingOrganisation.Create(20260105, 2).TwinUnder(First));
        foreach (var tenant in All)
        {
            await ScanAsync(tenant);
        }

        File.WriteAllText(Path.Combine(_folder["data"], "pseudonym-keys", WithoutKeys.ToString("D")), "no key");
        Assert.NotEqual(0, await BreakStateAsync(WithoutState));

        await using var server = await StartAsync(simulated, environment);
        await RunningServer.Until(async () =>
            new[] { First, WithoutKeys, Last }.All(tenant => host.Shown.ContainsKey(Channel(tenant))) && await TextsAsync(First) == 0 && await TextsAsync(Last) == 0
            && server.Errors.Contains($"No retention for tenant {WithoutKeys} today: StoreUnavailableException", StringComparison.Ordinal)
            && server.Errors.Contains($"No digests for tenant {WithoutState}", StringComparison.Ordinal));

        Assert.DoesNotContain(Channel(WithoutState), host.Shown.Keys);
        Assert.Equal(1, await TextsAsync(WithoutKeys));
        Assert.All(host.Shown.Values, shown => Assert.Equal(1, shown));
        Assert.Equal(0, await server.TerminateAsync());
    }

    private static string Channel(Guid tenant) => $"channel-{tenant.ToString()[..2]}";

    private static string Variable(Guid tenant) => $"GOVERNANCE_TEST_FAILURE_{tenant.ToString()[..2]}";

    /// <summary>Scans a twin of the made-up organisation, and leaves a text whose time is over.</summary>
    private async Task ScanAsync(Guid tenant)
    {
        await using var twin = await ScannableTenant.StartAsync(MarketingOrganisation.Create(20260105, 2).TwinUnder(tenant));
        var scan = await Run.Of(
            "scan", "--tenant", tenant.ToString(), "--graph-endpoint", twin.Simulator.Endpoint.ToString(), "--token-env", Token, "--data", _folder["data"], "--policy", _folder["policy.yaml"]);
        Assert.True(scan.Code is 0 or 3, scan.Notes);
        await using var database = Open();
        var options = new SqliteOptions { Folder = _folder["data"] };
        var by = await new SqlitePersons(database, options).ActingAsync(tenant, "Ana", default);
        await new RecordAct(new SqliteDecisionLedger(database, options)).RunAsync(
            tenant,
            _ => new LedgerDraft(DateTimeOffset.UtcNow.AddDays(-100), by.Pseudonym, LedgerKinds.Reidentified, by.Pseudonym, ImmutableSortedDictionary<string, string>.Empty, "over"),
            default);
    }

    private Task<ServeProcess> StartAsync(ScannableTenant simulated, Dictionary<string, string> environment)
    {
        _folder.Write("tenants.json", JsonSerializer.Serialize(new
        {
            tenants = All.Select(tenant => new { id = tenant, policy = "policy.yaml", graphEndpoint = simulated.Simulator.Endpoint.ToString() }),
        }));
        return ServeProcess.StartAsync(
            _folder,
            ["--tenants", _folder["tenants.json"], "--token-env", "GOVERNANCE_SERVE_TEST_TOKEN", "--full-scan", "off", "--nightly-scan", "off", "--listen", "http://127.0.0.1:0"],
            environment: environment);
    }

    private async Task<int> BreakStateAsync(Guid tenant)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder["data"], "governance.db")};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE apps SET body = X'7B' WHERE lower(tenant_id) = $tenant AND body IS NOT NULL";
        command.Parameters.AddWithValue("$tenant", tenant.ToString());
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Texts that are kept beside the tenant's ledger.</summary>
    private async Task<int> TextsAsync(Guid tenant)
    {
        await using var database = Open();
        var kept = await new SqliteDecisionLedger(database, new SqliteOptions { Folder = _folder["data"] }).ReadAsync(tenant, default);
        return kept.Entries.Count(entry => entry.Part?.Text is not null);
    }

    private SqliteDatabase Open() => new(new SqliteOptions { Folder = _folder["data"] });
}
