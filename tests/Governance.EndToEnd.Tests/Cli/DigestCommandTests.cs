using Governance.Cli;
using Governance.Cli.Serving;
using Governance.Microsoft365.Tests.Teams;

namespace Governance.EndToEnd.Tests.Cli;

[Collection(DemoCollection.Name)]
public sealed class DigestCommandTests(DemoData demo)
{
    /// <summary>Sets an address under a name of its own, so that tests beside each other do not meet.</summary>
    private static string Address(string address)
    {
        var name = $"GOVERNANCE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, address);
        return name;
    }

    private static string Policy(TemporaryFolder folder, params string[] digests)
    {
        folder.Write("channels.yaml", "version: 1\napproved: []\ndigests:\n" + string.Join('\n', digests.Select(digest => $"  - {{{digest}}}")) + "\n");
        return folder["channels.yaml"];
    }

    [Fact]
    public async Task TM_7_a_digest_is_posted_once_a_period_whoever_asks_and_what_became_of_it_is_listed()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync();
        var policy = Policy(folder, $"name: leads, urlEnv: {Address(teams.Address)}, language: de", $"name: soc, urlEnv: {Address(teams.Address)}, audience: security");

        var first = await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");
        var second = await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");
        var again = await Run.Of("digest", "post", "--again", "--channel", "leads", "--data", data, "--policy", policy, "--loopback");
        var status = await Run.Of("digest", "status", "--data", data);

        Assert.All(new[] { first, second, again, status }, run => Assert.True(run.Code == 0, run.Notes));
        Assert.Equal(2, teams.Posted.Count);
        Assert.Equal(["de", "en"], teams.Posted.Select(card => card.GetProperty("lang").GetString()).Order());
        Assert.Contains("leads, 20", first.Output, StringComparison.Ordinal);
        Assert.Contains("accepted by the workflow (run 0858", first.Output, StringComparison.Ordinal);
        Assert.Contains("not posted again", second.Output, StringComparison.Ordinal);
        Assert.Contains("soc", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("delivered", first.Output + second.Output + status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TM_5_an_unknown_end_is_shown_and_posted_again_only_when_a_person_asks()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync();
        teams.NextShowsAndCuts();
        var policy = Policy(folder, $"name: leads, urlEnv: {Address(teams.Address)}");

        var first = await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");
        var second = await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");
        var again = await Run.Of("digest", "post", "--again", "--data", data, "--policy", policy, "--loopback");

        Assert.Equal((3, 3, 0), (first.Code, second.Code, again.Code));
        Assert.Contains("--again", first.Notes, StringComparison.Ordinal);
        Assert.Contains("not posted again", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, teams.Requests.Count);
    }

    [Fact]
    public async Task A_channel_that_cannot_be_used_keeps_no_other_from_its_digest_and_no_secret_is_told()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync();
        var policy = Policy(
            folder,
            $"name: retired, urlEnv: {Address("https://contoso.webhook.office.com/webhookb2/canary")}",
            $"name: elsewhere, urlEnv: {Address("https://evil.example/?sig=canary")}",
            "name: unset, urlEnv: GOVERNANCE_TEST_NOT_SET",
            $"name: nowhere, urlEnv: {Address(teams.Address)}, zone: Mars/Olympus",
            $"name: good, urlEnv: {Address(teams.Address)}");

        var run = await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");

        Assert.Equal(2, run.Code);
        Assert.Single(teams.Posted);
        Assert.Contains("retired: contoso.webhook.office.com does not take messages any more", run.Notes, StringComparison.Ordinal);
        Assert.Contains("GOVERNANCE_TEST_NOT_SET is not set", run.Notes, StringComparison.Ordinal);
        Assert.Contains("Mars/Olympus", run.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Notes + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Critical_findings_are_told_at_once_and_once()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync();
        var policy = Policy(folder, $"name: soc, urlEnv: {Address(teams.Address)}, alerts: true", "name: leads, urlEnv: GOVERNANCE_TEST_NOT_SET");

        var first = await Run.Of("digest", "alert", "--data", data, "--policy", policy, "--loopback");
        var second = await Run.Of("digest", "alert", "--data", data, "--policy", policy, "--loopback");

        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.Single(teams.Posted);
        Assert.Contains("critical findings: accepted", first.Output, StringComparison.Ordinal);
        Assert.Contains("no critical finding", second.Output, StringComparison.Ordinal);
        Assert.Contains("leads: alerts are off", first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_message_takes_no_digest_s_place()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync(answersInBody: true);
        var policy = Policy(folder, $"name: leads, urlEnv: {Address(teams.Address)}, language: fr");

        var test = await Run.Of("digest", "test", "--data", data, "--policy", policy, "--loopback");
        var post = await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");

        Assert.Equal((0, 0), (test.Code, post.Code));
        Assert.Contains("delivered", test.Output, StringComparison.Ordinal);
        Assert.Equal(2, teams.Posted.Count);
        Assert.Contains("essai", teams.Posted.First().GetProperty("fallbackText").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_reaches_the_data_folder()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync();
        var policy = Policy(folder, $"name: leads, urlEnv: {Address(teams.Address)}");

        await Run.Of("digest", "post", "--data", data, "--policy", policy, "--loopback");

        foreach (var file in Directory.GetFiles(data))
        {
            Assert.DoesNotContain("S3cr3t", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_preview_is_a_page_without_script_that_says_what_the_card_says()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;

        var page = await Run.Of("digest", "preview", "--audience", "security", "--html", folder["card.html"], "--data", data);
        var card = await Run.Of("digest", "preview", "--audience", "security", "--data", data);

        Assert.Equal((0, 0), (page.Code, card.Code));
        var html = System.Net.WebUtility.HtmlDecode(await File.ReadAllTextAsync(folder["card.html"]));
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(card.Json.GetProperty("attachments")[0].GetProperty("content").GetProperty("body")[0].GetProperty("items")[2].GetProperty("text").GetString()!, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_without_channels_says_what_to_add()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;

        var none = await Run.Of("digest", "post", "--data", data);
        var wrong = await Run.Of("digest", "post", "--channel", "laeds", "--policy", Policy(folder, "name: leads, urlEnv: X"), "--data", data);

        Assert.Equal((2, 2), (none.Code, wrong.Code));
        Assert.Contains("digests:", none.Notes, StringComparison.Ordinal);
        Assert.Contains("it has leads", wrong.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TC_2_a_server_s_rounds_post_each_digest_and_each_alert_once()
    {
        var (folder, data) = demo.Copy();
        using var _ = folder;
        await using var teams = await TeamsReceiver.StartAsync();
        var policyFile = Policy(folder, $"name: soc, urlEnv: {Address(teams.Address)}, period: quarter, at: '00:00', alerts: true", $"name: broken, urlEnv: {Address("https://evil.example/?sig=canary")}");
        var (policy, __) = Settings.ReadPolicy(new FileInfo(policyFile), Governance.Core.Catalogue.ProductCatalogue.Embedded);
        var kept = Kept.Open(new DirectoryInfo(data));
        await using var ___ = kept;
        using var pace = new Microsoft365.Teams.PostPace(TimeProvider.System);
        using var http = Microsoft365.Teams.WorkflowTransport.Client(proxy: true);
        var channels = new Microsoft365.Teams.WorkflowChannels(
            http, Environment.GetEnvironmentVariable, () => throw new InvalidOperationException("no token is asked for"), pace, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Microsoft365.Teams.WorkflowChannel>.Instance) { Loopback = true };
        DigestRounds Rounds() => new(
            kept.Scans, kept.Scans.StateAsync, new Embedded.Sqlite.SqliteDigestOutbox(kept.Database), channels, _ => policy, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<DigestRounds>.Instance);

        var first = Rounds();
        await first.RoundAsync(default);
        await first.RoundAsync(default);
        await Rounds().RoundAsync(default);

        Assert.Equal(2, teams.Posted.Count);
    }
}
