using Governance.Core.Findings;
using Governance.Core.Policy.Approvals;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>The approval flow, mutes and the simulation with the program, as people use them.</summary>
public sealed class DecisionFlowTests
{
    private static string InTwentyDays => TimeProvider.System.GetUtcNow().AddDays(20).ToString("yyyy-MM-dd");

    [Fact]
    public async Task An_app_goes_from_request_to_approval_and_the_next_scan_follows()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var id = app.Id.ToString();
        Task<Run> Act(string by, params string[] arguments) => Run.Of([.. arguments, "--as", by, "--data", tenant.Data]);
        async Task<string> Standing()
        {
            await tenant.ScanAsync();
            return (await tenant.StateAsync()).Apps.Single(known => known.Id == app.Id).Standing.State.ToString();
        }

        var request = await Act("Ana", "request", id, "--purpose", "write campaign texts", "--owner", "Head of Content");
        Assert.True(request.Code == 0, request.Notes);
        Assert.Contains("R1:", request.Output, StringComparison.Ordinal);
        Assert.Contains($"risk {app.Risk.Score}", request.Output, StringComparison.Ordinal);
        Assert.Equal("UnderReview", await Standing());

        Assert.Equal(2, (await Act("Ana", "sign-off", "R1", "--role", "security")).Code);
        Assert.Equal(2, (await Act("Ben", "approve", "R1")).Code);
        Assert.Equal(0, (await Act("Ben", "sign-off", "R1", "--role", "marketing")).Code);
        Assert.Equal(2, (await Act("Ben", "sign-off", "R1", "--role", "security")).Code);
        Assert.Equal(0, (await Act("Cem", "sign-off", "R1", "--role", "security")).Code);
        Assert.Equal(0, (await Act("Dea", "sign-off", "R1", "--role", "legal")).Code);
        var approved = await Act("Cem", "approve", "R1", "--conditions", "no customer data");
        Assert.True(approved.Code == 0, approved.Notes);

        // Between two scans it shows at once, says so, and keeps finding and figures as they were.
        var explained = await Run.Of("explain", id, "--data", tenant.Data);
        Assert.Contains("Approval: Approved", explained.Output, StringComparison.Ordinal);
        Assert.Contains("since the last scan, where it was UnderReview", explained.Output, StringComparison.Ordinal);
        Assert.Contains("1 stand elsewhere", (await Run.Of("apps", "--data", tenant.Data)).Notes, StringComparison.Ordinal);
        var listed = await Run.Of("explain", id, "--format", "json", "--data", tenant.Data);
        Assert.Equal(("approved", "underReview"), Governance(listed.Json.GetProperty("apps")[0].GetProperty("governance")));
        Assert.Equal("UnderReview", (await tenant.StateAsync()).Apps.Single(known => known.Id == app.Id).Standing.State.ToString());

        Assert.Equal("Approved", await Standing());
        Assert.DoesNotContain("since the last scan", (await Run.Of("explain", id, "--data", tenant.Data)).Output, StringComparison.Ordinal);
        var finding = (await tenant.StateAsync()).Findings.Single(known => known.Rule == "unapproved-ai-tool" && known.Subject == id);
        Assert.Equal((FindingState.Resolved, ResolutionCause.Policy), (finding.State, finding.Cause));
        Assert.EndsWith("+5", finding.PolicyVersion, StringComparison.Ordinal);

        // Beyond its bounds it is drifted; nothing rewrites the human record.
        var grant = tenant.GrantsOf(app)[0];
        var before = (await tenant.RecordAsync()).Head;
        tenant.Simulator.Tenant.Change(change => change.Put(grant with { Scope = grant.Scope + " Sites.FullControl.All" }));
        Assert.Equal("Drifted", await Standing());
        Assert.Equal(before, (await tenant.RecordAsync()).Head);

        Assert.Equal(0, (await Act("Ben", "withdraw", "R1", "--reason", "vendor was sold")).Code);
        Assert.Equal(0, (await Act("Ben", "deny", id, "--reason", "vendor was sold")).Code);
        Assert.Equal("Denied", await Standing());
        Assert.Contains((await tenant.StateAsync()).Findings, known => known.Rule == "denied-tool-consented" && known.Subject == id && known.Live);
        Assert.Contains("withdrawn", (await Run.Of("decisions", "--data", tenant.Data)).Output, StringComparison.Ordinal);

        static (string?, string?) Governance(System.Text.Json.JsonElement governance) => (governance.GetProperty("state").GetString(), governance.GetProperty("atScan").GetString());
    }

    [Fact]
    public async Task What_waits_for_a_decision_shows_in_digest_report_and_summary_at_once_without_a_person_s_name()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        Task<Run> Act(string by, params string[] arguments) => Run.Of([.. arguments, "--as", by, "--data", tenant.Data]);
        Assert.Equal(0, (await Act("Ana Antragstellerin", "request", app.Id.ToString(), "--purpose", "texts", "--owner", "Head of Content")).Code);
        Assert.Equal(0, (await Act("Ben Beispiel", "sign-off", "R1", "--role", "marketing")).Code);

        var digest = await Run.Of("digest", "--format", "text", "--data", tenant.Data);
        var card = await Run.Of("digest", "--audience", "security", "--language", "de", "--data", tenant.Data);
        var summary = await Run.Of("export", "--format", "markdown", "--what", "all", "--data", tenant.Data);
        using var folder = new TemporaryFolder();
        await Run.Of("report", "--data", tenant.Data, "--out", folder["r.html"]);
        var page = Report.Page.Parse(await File.ReadAllBytesAsync(folder["r.html"]));

        Assert.Contains("waits for Legal and Security", digest.Output, StringComparison.Ordinal);
        Assert.Contains("wartet auf Recht und IT-Sicherheit", card.Output, StringComparison.Ordinal);
        Assert.Contains("waits for Legal and Security", summary.Output, StringComparison.Ordinal);
        var row = Assert.Single(page.QuerySelectorAll("#pending-table tbody tr"));
        Assert.Equal("Legal and Security", System.Text.RegularExpressions.Regex.Replace(row.Children[2].TextContent, @"\s+", " ").Trim());
        Assert.All(new[] { digest.Output, card.Output, summary.Output, page.DocumentElement.OuterHtml }, text =>
            Assert.False(text.Contains("Antragstellerin", StringComparison.Ordinal) || text.Contains("Beispiel", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Figures_can_be_recomputed_with_the_decisions_that_stood_at_each_scan()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = (await tenant.UserAppAsync()).Id.ToString();
        await Run.Of("deny", app, "--reason", "no", "--as", "Ana", "--data", tenant.Data);
        await tenant.ScanAsync();
        await Run.Of("request", app, "--purpose", "texts", "--as", "Ben", "--data", tenant.Data);

        var run = await Run.Of("kpis", "recompute", "--data", tenant.Data);

        Assert.True(run.Code == 0, run.Output + run.Notes);
        Assert.Equal(1, (await tenant.StateAsync()).LastScan.LedgerEntries);
    }

    [Fact]
    public async Task AP_3_each_act_leaves_exactly_one_entry_with_actor_tenant_time_and_before_and_after()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = (await tenant.UserAppAsync()).Id.ToString();
        var finding = (await tenant.StateAsync()).Findings.First(known => known.Subject == app).Id;
        string[][] acts =
        [
            ["request", app, "--purpose", "texts", "--as", "Ana"],
            ["sign-off", "R1", "--role", "legal", "--as", "Ben"],
            ["deny", "R1", "--reason", "no contract", "--as", "Cem"],
            ["acknowledge", finding, "--as", "Ana"],
            ["mute", finding, "--reason", "until the contract", "--until", InTwentyDays, "--as", "Ana"],
            ["unmute", finding, "--as", "Ana"],
            ["revoke", "plan", app, "--reason", "denied", "--as", "Ana"],
            ["revoke", "approve", "V7", "--as", "Ben"],
            ["revoke", "decline", "V7", "--as", "Cem"],
        ];
        foreach (var act in acts)
        {
            var run = await Run.Of([.. act, "--data", tenant.Data]);
            Assert.True(run.Code == 0, $"{string.Join(' ', act)}: {run.Notes}");
        }

        var entries = (await tenant.RecordAsync()).Entries;
        Assert.Equal(acts.Length, entries.Length);
        Assert.All(entries, entry =>
        {
            Assert.Equal(tenant.Id, entry.Entry.TenantId);
            Assert.StartsWith("p-", entry.Entry.Actor, StringComparison.Ordinal);
            Assert.NotEmpty(entry.Entry.Fact("before"));
            Assert.NotEmpty(entry.Entry.Fact("after"));
            Assert.NotEqual(entry.Entry.Fact("before"), entry.Entry.Fact("after"));
            Assert.NotEmpty(entry.Entry.Subject);
        });
    }

    [Fact]
    public async Task AP_3_a_refused_act_leaves_no_entry()
    {
        await using var tenant = await GovernedTenant.StartAsync();

        var run = await Run.Of("sign-off", "R1", "--role", "security", "--as", "Ben", "--data", tenant.Data);

        Assert.Equal(2, run.Code);
        Assert.Contains("there is no request 'R1'", run.Notes, StringComparison.Ordinal);
        Assert.Empty((await tenant.RecordAsync()).Entries);
    }

    [Fact]
    public async Task A_mute_shows_at_once_holds_over_scans_without_a_word_and_ends_when_the_app_grows()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var finding = (await tenant.StateAsync()).Findings.First(known => known.Rule == "unapproved-ai-tool" && known.Subject == app.Id.ToString());

        await Run.Of("mute", finding.Id, "--reason", "pilot", "--until", InTwentyDays, "--as", "Ana", "--data", tenant.Data);

        Assert.Contains(finding.Id, (await Run.Of("findings", "--state", "muted", "--data", tenant.Data, "--format", "json")).Output, StringComparison.Ordinal);
        await tenant.ScanAsync();
        await tenant.ScanAsync();
        var history = await tenant.Kept.Scans.HistoryAsync(tenant.Id, finding.Id, default);
        Assert.Equal(["opened", "muted"], history.Select(change => change.Change));

        var grant = tenant.GrantsOf(app)[0];
        tenant.Simulator.Tenant.Change(change => change.Put(grant with { Scope = grant.Scope + " Sites.FullControl.All" }));
        await tenant.ScanAsync();
        Assert.Equal(FindingState.Open, (await tenant.StateAsync()).Findings.Single(known => known.Id == finding.Id).State);
    }

    [Fact]
    public async Task CC_6_fifty_people_acting_on_one_finding_at_once_lose_nothing()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var finding = (await tenant.StateAsync()).Findings.First(known => known.Live);
        var people = new List<Core.Policy.Person>();
        for (var number = 0; number < 50; number++)
        {
            people.Add(await tenant.PersonAsync($"Person {number}"));
        }

        var now = tenant.Time.GetUtcNow();
        await Task.WhenAll(people.Select(person => Task.Run(() => tenant.ActAsync(record =>
        {
            var current = MarkedFinding.Now([finding], record)[0];
            return current.State == FindingState.Muted
                ? FindingActs.Unmute(current, person, null, now)
                : FindingActs.Mute(current, null, person, "because", DateOnly.FromDateTime(now.UtcDateTime).AddDays(3), now);
        }))));
        await tenant.ScanAsync();

        var history = await tenant.Kept.Scans.HistoryAsync(tenant.Id, finding.Id, default);
        Assert.Equal(51, history.Length);
        Assert.Equal(Enumerable.Range(1, 51), history.Select(change => change.Sequence));
        Assert.Equal(FindingState.Open, (await tenant.StateAsync()).Findings.Single(known => known.Id == finding.Id).State);
    }

    [Fact]
    public async Task Pending_consent_requests_of_Entra_become_requests_once()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await tenant.ScanAsync("--with", "consentRequests");

        var first = await Run.Of("request", "--from-entra", "--as", "Ana", "--data", tenant.Data);
        var second = await Run.Of("request", "--from-entra", "--as", "Ana", "--data", tenant.Data);

        Assert.True(first.Code == 0, first.Notes);
        Assert.Matches("^[1-9]", first.Notes);
        Assert.StartsWith("0 requests", second.Notes, StringComparison.Ordinal);
        Assert.All((await tenant.RecordAsync()).Requests.Values, request => Assert.NotEmpty(request.Scope.Permissions));
    }

    [Fact]
    public async Task Users_who_ask_in_Entra_for_more_than_was_approved_bring_a_renewal_and_a_denial_brings_silence()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        Task<Run> Act(string person, params string[] command) => Run.Of([.. command, "--as", person, "--data", tenant.Data]);
        await tenant.ScanAsync("--with", "consentRequests");
        await Act("Ana", "request", "--from-entra");
        var asked = (await tenant.RecordAsync()).Requests.Values.OrderBy(request => request.Id.Length).ThenBy(request => request.Id, StringComparer.Ordinal).ToArray();
        var (less, whole, none) = (asked.First(request => request.Scope.Permissions.Length > 1), asked.First(request => request.Scope.Permissions.Length == 1), asked.Last());
        foreach (var request in new[] { less, whole })
        {
            foreach (var (person, role) in new[] { ("Ben", "marketing"), ("Cem", "security"), ("Dea", "legal") })
            {
                Assert.Equal(0, (await Act(person, "sign-off", request.Id, "--role", role)).Code);
            }
        }

        Assert.Equal(0, (await Act("Cem", "approve", less.Id, "--permission", less.Scope.Permissions[0])).Code);
        Assert.Equal(0, (await Act("Cem", "approve", whole.Id)).Code);
        Assert.Equal(0, (await Act("Cem", "deny", none.Id, "--reason", "no contract")).Code);

        var again = await Act("Ana", "request", "--from-entra");

        Assert.StartsWith("1 requests", again.Notes, StringComparison.Ordinal);
        var renewal = (await tenant.RecordAsync()).Requests.Values.Single(request => request.Renews is not null);
        Assert.Equal((less.Scope.AppId, less.Id, RequestState.Open), (renewal.Scope.AppId, renewal.Renews, renewal.State));
    }

    [Fact]
    public async Task Whoever_approves_is_told_when_the_app_stands_elsewhere_all_the_same()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = (await tenant.StateAsync()).Apps.First(known => known.AiInUse && known.App.Principal.AppId is not null && known.App.Permissions.Select(held => held.Value).Distinct().Count() > 1);
        Task<Run> Act(string person, params string[] command) => Run.Of([.. command, "--as", person, "--data", tenant.Data]);
        await Act("Ana", "request", app.Id.ToString(), "--purpose", "texts");
        foreach (var (person, role) in new[] { ("Ben", "marketing"), ("Cem", "security"), ("Dea", "legal") })
        {
            await Act(person, "sign-off", "R1", "--role", role);
        }

        var run = await Act("Cem", "approve", "R1", "--permission", app.App.Permissions[0].Value);

        Assert.True(run.Code == 0, run.Notes);
        Assert.Contains("stands at drifted all the same", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AP_4_a_broken_ledger_is_told_and_the_scan_goes_on_by_the_policy_file()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Run.Of("deny", app.Id.ToString(), "--reason", "no", "--as", "Ana", "--data", tenant.Data);
        File.Delete(Path.Combine(tenant.Data, "ledger-heads", tenant.Id.ToString()));

        var scan = await tenant.ScanAsync();

        Assert.Equal(0, scan.Code);
        Assert.Contains("recorded decisions were left out", scan.Notes, StringComparison.Ordinal);
        Assert.Equal("Unapproved", (await tenant.StateAsync()).Apps.Single(known => known.Id == app.Id).Standing.State.ToString());
        var verify = await Run.Of("audit", "verify", "--data", tenant.Data);
        Assert.Equal(5, verify.Code);
        Assert.Contains("BROKEN", verify.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emptied")]
    [InlineData("removed")]
    public async Task AP_4_a_ledger_that_was_taken_away_whole_is_told(string how)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Run.Of("deny", app.Id.ToString(), "--reason", "no", "--as", "Ana", "--data", tenant.Data);
        foreach (var file in Directory.EnumerateFiles(tenant.Data, "governance.db*"))
        {
            File.Delete(file);
        }

        if (how == "emptied")
        {
            await File.WriteAllBytesAsync(Path.Combine(tenant.Data, "governance.db"), []);
        }

        var verify = await Run.Of("audit", "verify", "--data", tenant.Data);

        Assert.Equal(5, verify.Code);
        Assert.Contains($"{tenant.Id}: BROKEN at entry 1: the tail is missing: the head kept apart counts 1 entries", verify.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_of_a_tenant_that_is_not_kept_is_not_called_sound()
    {
        await using var tenant = await GovernedTenant.StartAsync();

        var verify = await Run.Of("audit", "verify", "--tenant", "01234567-89ab-cdef-0123-456789abcdef", "--data", tenant.Data);

        Assert.Equal(2, verify.Code);
        Assert.Contains("nothing of tenant 01234567-89ab-cdef-0123-456789abcdef is kept here", verify.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AP_2_an_export_of_the_ledger_is_checked_without_the_data_folder()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Run.Of("deny", app.Id.ToString(), "--reason", "sends text abroad", "--as", "Ana", "--data", tenant.Data);
        using var folder = new TemporaryFolder();

        Assert.Equal(0, (await Run.Of("audit", "export", "--out", folder["ledger.txt"], "--data", tenant.Data)).Code);
        Assert.Equal(0, (await Run.Of("audit", "verify", "--file", folder["ledger.txt"])).Code);
        var text = await File.ReadAllTextAsync(folder["ledger.txt"]);
        Assert.DoesNotContain("Ana", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["ledger.txt"], text.Replace("abroad", "aboard"));
        var changed = await Run.Of("audit", "verify", "--file", folder["ledger.txt"]);

        Assert.Equal(5, changed.Code);
        Assert.Contains("entry 1", changed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_on_the_demo_names_exactly_the_apps_that_change()
    {
        using var folder = new TemporaryFolder();
        await Run.Of("demo", "--out", folder["demo"]);
        var data = folder["demo/data"];
        var policy = await File.ReadAllTextAsync(folder["demo/governance.yaml"]);

        var same = await Run.Of("policy", "simulate", folder["demo/governance.yaml"], "--data", data, "--format", "json");
        Assert.True(same.Code == 0, same.Notes);
        Assert.Equal(0, same.Json.GetProperty("changes").GetArrayLength());

        // DeepL goes from approved to denied; Jasper, whose review is overdue, is approved.
        var next = System.Text.RegularExpressions.Regex.Replace(policy, @"  - tool: DeepL\n(    .*\n)*", string.Empty)
            .Replace("denied:\n", "denied:\n  - tool: DeepL\n    reason: texts leave the region\n", StringComparison.Ordinal)
            .Replace("approved:\n", "approved:\n  - tool: Jasper\n    tenantWide: true\n", StringComparison.Ordinal);
        var run = await Run.Of("policy", "simulate", folder.Write("next.yaml", next), "--data", data, "--format", "json");

        Assert.True(run.Code == 0, run.Notes);
        var changes = run.Json.GetProperty("changes").EnumerateArray()
            .Select(change => (Name: change.GetProperty("displayName").GetString(), From: change.GetProperty("from").GetString(), To: change.GetProperty("to").GetString()))
            .Order().ToArray();
        Assert.Equal([("DeepL", "approved", "denied"), ("Jasper", "underReview", "approved")], changes);
        Assert.Contains("2 of", (await Run.Of("policy", "simulate", folder["next.yaml"], "--data", data)).Notes, StringComparison.Ordinal);
    }
}
