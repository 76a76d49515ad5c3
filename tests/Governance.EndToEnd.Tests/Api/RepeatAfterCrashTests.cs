using System.Net;
using System.Text;
using Governance.Core.Policy.Ledger;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server that died between an effect and its answer knows the repeat of the request for what it is.</summary>
public sealed class RepeatAfterCrashTests
{
    [Fact]
    public async Task HA_5_and_QD_8_a_decision_whose_answer_was_lost_is_recorded_once()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        var (path, body) = await MuteAsync(server);
        var first = await Answer(server, path, body);
        var entry = Assert.Single(await EntriesAsync(server));

        await LoseAnswerAsync(server, LedgerForm.Read(entry.Body.AsSpan()).Fact("mark"));
        await server.RestartAsync();

        Assert.Equal(first, await Answer(server, path, body));
        Assert.Single(await EntriesAsync(server));
        using var other = await Post(server, path, body.Replace("loud", "quiet", StringComparison.Ordinal));
        Assert.Equal("idempotency-key-reused", await other.Problem(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task HA_5_and_QD_8_a_scan_whose_answer_was_lost_is_not_made_again()
    {
        await using var server = await RunningServer.StartAsync();
        using var asked = await Post(server, "/api/scans", "{}");
        var location = asked.Headers.Location!.ToString();
        using (var client = server.Client())
        {
            await RunningServer.EndOf(client, location);
        }

        await LoseAnswerAsync(server, location.Split('-')[^1]);
        await server.RestartAsync();

        using var again = await Post(server, "/api/scans", "{}");
        Assert.Equal((HttpStatusCode.Accepted, location), (again.StatusCode, again.Headers.Location!.ToString()));
        Assert.Single(await server.Scans.ScansAsync(server.Tenant.Id, 10, default));
    }

    [Fact]
    public async Task What_people_decided_counts_in_the_next_scan()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        var (path, body) = await MuteAsync(server);
        await Answer(server, path, body);

        await server.ScanAsync();

        Assert.Equal(1, (await server.Scans.StateAsync(server.Tenant.Id, default))!.LastScan.LedgerEntries);
    }

    private static async Task<(string Path, string Body)> MuteAsync(RunningServer server)
    {
        using var client = server.Client();
        var finding = (await client.GetJson("/api/findings")).GetProperty("findings")[0].GetProperty("id").GetString()!;
        return ($"/api/findings/{Uri.EscapeDataString(finding)}/mute", $$"""{"reason":"too loud","until":"{{TimeProvider.System.GetUtcNow().AddDays(9):yyyy-MM-dd}}"}""");
    }

    private static async Task<System.Collections.Immutable.ImmutableArray<StoredEntry>> EntriesAsync(RunningServer server) =>
        (await server.Ledger.ReadAsync(server.Tenant.Id, default)).Entries;

    /// <summary>Leaves the key as a server does that died after the effect.</summary>
    private static async Task LoseAnswerAsync(RunningServer server, string mark)
    {
        await using var connection = new SqliteConnection($"Data Source={server.Database};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE idempotency_keys SET status = NULL, location = NULL, body = $1";
        command.Parameters.AddWithValue("$1", Encoding.ASCII.GetBytes(mark));
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<string> Answer(RunningServer server, string path, string body)
    {
        using var response = await Post(server, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static async Task<HttpResponseMessage> Post(RunningServer server, string path, string body)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = ApiClient.Json(body) };
        request.Headers.Add("Idempotency-Key", "the-one-key");
        return await client.SendAsync(request);
    }
}
