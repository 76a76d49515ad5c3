using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Decisions;
using Governance.EndToEnd.Tests.Cli;
using Governance.Embedded.Sqlite;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server removes by itself what the policy of each tenant's last scan no longer keeps.</summary>
public sealed class RetentionByServerTests : IDisposable
{
    private const string Token = "GOVERNANCE_RETENTION_TEST_TOKEN";
    private static readonly Guid B = Guid.Parse("bbbbbbbb-1111-4222-8333-444444444444");
    private static readonly Guid App = Guid.Parse("abababab-1111-4222-8333-444444444444");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AP_6_a_server_applies_retention_once_a_day_and_a_broken_ledger_costs_its_own_tenant_alone()
    {
        Environment.SetEnvironmentVariable(Token, "retention-token");
        var made = MarketingOrganisation.Create(20260105, 2);
        await using var a = await ScannableTenant.StartAsync(made);
        await using var b = await ScannableTenant.StartAsync(made.TwinUnder(B));
        _folder.Write("policy.yaml", "version: 1\napproved: []\nretention:\n  decisionTextDays: 60\n");
        await ActLongAgoAsync(a);
        await ActLongAgoAsync(b);

        // The last scan's policy counts, not the file that the server has now.
        _folder.Write("now.yaml", "version: 1\napproved: []\n");
        Assert.Equal(1, await WriteAsync("UPDATE ledger_entries SET body = CAST(body || ' ' AS BLOB) WHERE lower(tenant_id) = $tenant AND sequence = 2", a.Id));

        await using (var server = await StartAsync(a, b))
        {
            await RunningServer.Until(async () => (await MarksAsync(a.Id, B)).All(mark => mark is not null));
            Assert.Equal(0, await server.TerminateAsync());
            Assert.True(server.Errors.Contains($"No retention for tenant {a.Id} today: LedgerBrokenException", StringComparison.Ordinal), server.Errors);
        }

        Assert.Equal("first,second", await TextsAsync(a.Id));
        Assert.Equal(",second,", await TextsAsync(B));
        var record = await RecordAsync();
        var entry = record.Entries[^1].Entry;
        Assert.Equal(LedgerKinds.Retained, entry.Kind);
        await using (var database = Open())
        {
            var options = new SqliteOptions { Folder = _folder["data"] };
            Assert.Equal(NightlyRetention.Actor, (await new SqlitePersons(database, options).NamesAsync(B, default))[entry.Actor]);
        }

        // On the same day nothing more is removed: when tenant A, which comes after B, is done again, B was passed over.
        Assert.True(B.CompareTo(a.Id) < 0);
        var day = (await MarksAsync(B))[0];
        await using (var database = Open())
        {
            await new RecordAct(new SqliteDecisionLedger(database, new SqliteOptions { Folder = _folder["data"] })).RunAsync(B, _ => Old(record.Entries[0].Entry.Actor, "third"), default);
        }

        Assert.Equal(1, await WriteAsync("DELETE FROM schedule_marks WHERE name = 'retention/' || $tenant", a.Id));
        await using (var server = await StartAsync(a, b))
        {
            await RunningServer.Until(async () => (await MarksAsync(a.Id))[0] is not null);
        }

        if ((await MarksAsync(B))[0] == day)
        {
            Assert.Equal(",second,,third", await TextsAsync(B));
        }

        Assert.Equal(0, (await Run.Of("audit", "verify", "--data", _folder["data"], "--tenant", B.ToString())).Code);
    }

    /// <summary>Leaves a text that counts no more, and one that still does.</summary>
    private async Task ActLongAgoAsync(ScannableTenant tenant)
    {
        var scan = await Run.Of("scan", "--tenant", tenant.Id.ToString(), "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", Token, "--data", _folder["data"], "--policy", _folder["policy.yaml"]);
        Assert.True(scan.Code is 0 or 3, scan.Notes);
        await using var database = Open();
        var options = new SqliteOptions { Folder = _folder["data"] };
        var ledger = new SqliteDecisionLedger(database, options);
        var by = await new SqlitePersons(database, options).ActingAsync(tenant.Id, "Ana", default);
        await new RecordAct(ledger).RunAsync(tenant.Id, _ => Old(by.Pseudonym, "first"), default);
        await new RecordAct(ledger).RunAsync(tenant.Id, known => RequestActs.DenyApp(known, App, by, "second", DateTimeOffset.UtcNow.AddDays(-100)), default);
    }

    private static LedgerDraft Old(string actor, string text) =>
        new(DateTimeOffset.UtcNow.AddDays(-100), actor, LedgerKinds.Reidentified, actor, ImmutableSortedDictionary<string, string>.Empty, text);

    private Task<ServeProcess> StartAsync(ScannableTenant a, ScannableTenant b)
    {
        _folder.Write("tenants.json", JsonSerializer.Serialize(new
        {
            tenants = new[] { a, b }.Select(tenant => new { id = tenant.Id, policy = "now.yaml", graphEndpoint = tenant.Simulator.Endpoint.ToString() }),
        }));
        return ServeProcess.StartAsync(
            _folder, ["--tenants", _folder["tenants.json"], "--token-env", "GOVERNANCE_SERVE_TEST_TOKEN", "--full-scan", "off", "--nightly-scan", "off", "--listen", "http://127.0.0.1:0"]);
    }

    private async Task<DateTimeOffset?[]> MarksAsync(params Guid[] tenants)
    {
        await using var database = Open();
        return await Task.WhenAll(tenants.Select(tenant => new SqliteScheduleMarks(database).LastAsync($"retention/{tenant}", default)));
    }

    private async Task<int> WriteAsync(string sql, Guid tenant)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder["data"], "governance.db")};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$tenant", tenant.ToString());
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<string> TextsAsync(Guid tenant)
    {
        await using var database = Open();
        var kept = await new SqliteDecisionLedger(database, new SqliteOptions { Folder = _folder["data"] }).ReadAsync(tenant, default);
        return string.Join(',', kept.Entries.Select(entry => entry.Part?.Text));
    }

    private async Task<GovernanceRecord> RecordAsync()
    {
        await using var database = Open();
        return GovernanceRecord.Of(await new SqliteDecisionLedger(database, new SqliteOptions { Folder = _folder["data"] }).ReadAsync(B, default));
    }

    private SqliteDatabase Open() => new(new SqliteOptions { Folder = _folder["data"] });
}
