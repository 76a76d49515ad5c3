using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Governance.Core.Policy.Ledger;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Faults;
using Governance.Embedded.Sqlite;
using Xunit.Abstractions;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server killed while people decide: what it acknowledged is in the ledger once, what it did not is there once or not at all, and a repeat makes it once.</summary>
public sealed class KilledWhileDecidingTests(ITestOutputHelper output)
{
    private const int Desks = 3;

    [Fact]
    public async Task Whatever_the_moment_of_a_decision_each_act_is_recorded_once()
    {
        await using var authority = await Authority.StartAsync();
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        var random = Kills.Chance();
        string[] entra = [.. authority.Arguments(tenant.Id), "--full-scan", "off", "--nightly-scan", "off"];
        var acts = new ConcurrentQueue<Act>();
        var (unanswered, lostAnswers) = (0, 0);
        var desks = Array.Empty<Desk>();
        for (var kill = 0; kill < Kills.Count; kill++)
        {
            await using var server = await ServeProcess.StartAsync(folder, tenant, more: entra);
            if (desks.Length == 0)
            {
                desks = await OpenDesksAsync(server, authority, tenant.Id, acts);
            }

            var working = Task.WhenAll(desks.Select(desk => desk.WorkAsync(server.Address)));
            await Task.Delay(random.Next(0, 2500));
            await server.KillAsync();
            await working;

            var counts = await CountsAsync(folder, tenant.Id, acts);
            Assert.All(acts, act => Assert.InRange(counts[act.Text], act.Acknowledged ? 1 : 0, 1));
            unanswered += acts.Count(act => !act.Acknowledged);
            lostAnswers += acts.Count(act => !act.Acknowledged && counts[act.Text] == 1);
            await Invariants.HoldAsync(Dead());
        }

        output.WriteLine($"{Kills.Count} kills, {acts.Count} acts, {unanswered} without an answer, {lostAnswers} of them recorded");
        Assert.True(Kills.Count < Kills.Many || (unanswered > 0 && lostAnswers > 0), "the kills never hit an act");
        await using (var last = await ServeProcess.StartAsync(folder, tenant, more: entra))
        {
            // Whoever got no answer asks again with the same key; whoever got one gets the same again.
            foreach (var desk in desks)
            {
                await desk.FinishAsync(last.Address);
            }

            foreach (var act in acts.TakeLast(10))
            {
                Assert.Equal(act.Answer, await act.RepeatAsync(last.Address));
            }

            using var client = Client(last.Address, authority.TokenOf(Guid.NewGuid(), tenant.Id, "Governance.Read", "Governance.Scan"));
            Assert.True((await client.GetJson("/api/audit")).GetProperty("sound").GetBoolean());
            using var asked = await client.PostAsync("/api/scans", null);
            Assert.Equal("complete", (await RunningServer.EndOf(client, asked.Headers.Location!.ToString())).GetProperty("status").GetString());
            Assert.Equal(0, await last.TerminateAsync());
        }

        var inTheEnd = await CountsAsync(folder, tenant.Id, acts);
        Assert.All(acts, act => Assert.Equal(1, inTheEnd[act.Text]));
        await Invariants.HoldAsync(Dead());

        // 9 Nobody signed a revocation, so Graph was asked for nothing but reading.
        Assert.All(tenant.Simulator.Requests.Entries.Where(request => !request.PathAndQuery.EndsWith("/$batch", StringComparison.Ordinal)), request => Assert.Equal("GET", request.Method));

        KilledServer Dead() => new(folder, tenant) { Secrets = [ServeProcess.GraphToken], Actors = [.. acts.Where(act => act.Acknowledged).Select(act => act.Person).Distinct().Take(2)] };
    }

    private static async Task<Desk[]> OpenDesksAsync(ServeProcess server, Authority authority, Guid tenant, ConcurrentQueue<Act> acts)
    {
        using var admin = server.Client(await server.ShownTokenAsync());
        using var asked = await admin.PostAsync("/api/scans", null);
        await RunningServer.EndOf(admin, asked.Headers.Location!.ToString());
        var apps = (await admin.GetJson("/api/apps?limit=200&state=unapproved")).GetProperty("apps").EnumerateArray()
            .Where(app => app.GetProperty("appId").ValueKind == JsonValueKind.String && app.GetProperty("permissions").EnumerateObject().Any(kind => kind.Value.GetArrayLength() > 0))
            .Select(app => app.GetProperty("servicePrincipalId").GetString()!).Distinct().ToArray();
        var findings = (await admin.GetJson("/api/findings?limit=200")).GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()!).ToArray();
        return
        [
            .. Enumerable.Range(0, Desks).Select(at => new Desk(
                at, apps.Where((_, n) => n % Desks == at).ToArray(), new Queue<string>(findings.Where((_, n) => n % Desks == at)),
                [.. Enumerable.Range(0, 3).Select(person => Guid.Parse($"0c0c0c0c-1111-4222-8333-0000000000{at}{person}")).Select(id => new Colleague(id, authority.TokenOf(id, tenant, "Governance.Read", "Governance.Decide")))],
                acts)),
        ];
    }

    /// <summary>How many entries of the ledger hold the text of each act; the folder is left as it is.</summary>
    private static async Task<Dictionary<string, int>> CountsAsync(TemporaryFolder folder, Guid tenant, IEnumerable<Act> acts)
    {
        using var left = folder.Copy();
        var options = new SqliteOptions { Folder = left["data"] };
        await using var database = new SqliteDatabase(options);
        var ledger = await new SqliteDecisionLedger(database, options).ReadAsync(tenant, default);
        Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(ledger));
        var texts = ledger.Entries.Select(entry => entry.Part?.Text).OfType<string>().ToArray();
        return acts.ToDictionary(act => act.Text, act => texts.Count(text => text == act.Text));
    }

    private static HttpClient Client(Uri address, string token)
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private sealed record Colleague(Guid Id, string Token);

    /// <summary>One thing a person asks for, with a text of its own by which it is found again.</summary>
    private sealed class Act(Colleague person, string path, string text, string fields)
    {
        private readonly string _key = Guid.NewGuid().ToString();

        public Guid Person => person.Id;

        public string Text => text;

        public bool Acknowledged => Answer is not null;

        public string? Answer { get; private set; }

        /// <returns>False when the server died or wants to be left alone for a while.</returns>
        public async Task<bool> SendAsync(Uri address)
        {
            try
            {
                Answer = await RepeatAsync(address);
            }
            catch (Exception dead) when (dead is HttpRequestException or IOException or OperationCanceledException)
            {
                return false;
            }

            return Answer is not null;
        }

        /// <returns>Null when the caller has to wait.</returns>
        public async Task<string?> RepeatAsync(Uri address)
        {
            using var client = Client(address, person.Token);
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = ApiClient.Json(fields) };
            request.Headers.Add("Idempotency-Key", _key);
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.TooManyRequests, $"{path} {fields}: {(int)response.StatusCode} {body}");
            return response.IsSuccessStatusCode ? body : null;
        }
    }

    /// <summary>Three people who ask for apps, sign off, deny and mute, one act after another, over any number of servers.</summary>
    private sealed class Desk(int number, string[] apps, Queue<string> findings, ImmutableArray<Colleague> people, ConcurrentQueue<Act> acts)
    {
        private int _step;
        private string _request = string.Empty;
        private Act? _inHand;

        public async Task WorkAsync(Uri address)
        {
            while (await StepAsync(address))
            {
            }
        }

        /// <summary>Brings what is in hand to its end.</summary>
        public Task FinishAsync(Uri address) => RunningServer.Until(async () => _inHand is null || await StepAsync(address));

        private async Task<bool> StepAsync(Uri address)
        {
            if (_inHand is null)
            {
                _inHand = Next();
                acts.Enqueue(_inHand);
            }

            if (!await _inHand.SendAsync(address))
            {
                return false;
            }

            if (_step % 4 == 0)
            {
                _request = JsonDocument.Parse(_inHand.Answer!).RootElement.GetProperty("id").GetString()!;
            }

            (_inHand, _step) = (null, _step + 1);
            return true;
        }

        private Act Next()
        {
            var text = $"act {number}-{_step}";
            return (_step % 4) switch
            {
                0 => new Act(people[0], "/api/requests", text, $$"""{"app":"{{apps[_step / 4 % apps.Length]}}","purpose":"{{text}}"}"""),
                1 => new Act(people[1], $"/api/requests/{_request}/sign-offs", text, $$"""{"role":"security","note":"{{text}}"}"""),
                2 when findings.TryDequeue(out var finding) =>
                    new Act(people[1], $"/api/findings/{Uri.EscapeDataString(finding)}/mute", text, $$"""{"reason":"{{text}}","until":"{{TimeProvider.System.GetUtcNow().AddDays(30):yyyy-MM-dd}}"}"""),
                2 => new Act(people[2], $"/api/requests/{_request}/sign-offs", text, $$"""{"role":"legal","note":"{{text}}"}"""),
                _ => new Act(people[2], "/api/decisions", text, $$"""{"decision":"deny","request":"{{_request}}","reason":"{{text}}"}"""),
            };
        }
    }
}
