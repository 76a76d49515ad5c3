using System.Collections.Concurrent;
using Governance.Core.Digest;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Teams;
using Governance.Microsoft365.Tests.Graph;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Tests.Teams;

public sealed class WorkflowChannelTests
{
    private static readonly DigestContent Content = SomeDigest.Content("Chat Tool");

    private readonly HandSetTime _time = new();
    private readonly KeptLog _log = new();

    private WorkflowChannel Channel(string address, WorkflowOptions? options = null, ITokenSource? token = null) => new(
        WorkflowTransport.Client(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false }),
        WorkflowEndpoint.Parse(address, [], loopback: true),
        (options ?? new WorkflowOptions()) with { AnswerWithin = TimeSpan.FromDays(2) },
        token,
        new PostPace(_time),
        _time,
        _log);

    [Fact]
    public async Task TM_1_an_error_429_in_the_body_of_a_200_is_not_delivery_and_the_post_is_made_once_after_a_wait()
    {
        await using var teams = await TeamsReceiver.StartAsync(answersInBody: true);
        teams.Next(200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x", ("Retry-After", "17"));

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.IsType<PostOutcome.Delivered>(outcome);
        Assert.Single(teams.Posted);
        Assert.Equal(2, teams.Requests.Count);
        Assert.Contains(TimeSpan.FromSeconds(17), _time.Waits);
    }

    [Fact]
    public async Task TM_2_an_error_413_in_the_body_of_a_200_brings_a_smaller_card_with_exact_totals_once()
    {
        await using var teams = await TeamsReceiver.StartAsync(answersInBody: true);
        var heavy = SomeDigest.Content(new string('市', 119), DigestAudience.Security, lines: 444);

        var outcome = await Channel(teams.Address, new WorkflowOptions { Card = new CardOptions { Budget = 27_000 } }).PostAsync(heavy, default);

        Assert.IsType<PostOutcome.Delivered>(outcome);
        var card = Assert.Single(teams.Posted);
        Assert.True(teams.Requests.Count > 1, "the first card was small enough already");
        Assert.True(teams.Requests.Last().Body.Length < teams.Requests.First().Body.Length);
        var shown = SomeDigest.Markdown(card).Count(text => text == "●") / 5;
        Assert.Equal(5, SomeDigest.Markdown(card).Count(text => text == $"and {444 - shown} more"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("<html>signed in</html>")]
    [InlineData("{\"error\":{\"code\":\"X\"}}")]
    public async Task TM_3_a_200_with_an_empty_or_unexpected_body_is_unknown(string body)
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.Next(200, body);

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.IsType<PostOutcome.Unknown>(outcome);
        Assert.Single(teams.Requests);
    }

    [Fact]
    public async Task TM_4_a_202_is_accepted_and_never_delivered_and_the_run_id_is_kept()
    {
        await using var teams = await TeamsReceiver.StartAsync();

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.Equal("08584000000000000000000000000CU00", Assert.IsType<PostOutcome.Accepted>(outcome).RunId);
    }

    [Fact]
    public async Task TM_5_no_answer_in_time_is_unknown_and_nothing_is_posted_again()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.NextShowsAndHangs(() => _time.Advance(TimeSpan.FromDays(3)));

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.Contains("no answer", Assert.IsType<PostOutcome.Unknown>(outcome).Detail, StringComparison.Ordinal);
        Assert.Single(teams.Requests);
        Assert.Single(teams.Posted);
    }

    [Fact]
    public async Task TM_6_the_heaviest_digest_arrives_within_what_Teams_takes_with_exact_totals()
    {
        await using var teams = await TeamsReceiver.StartAsync(answersInBody: true);
        var heavy = SomeDigest.Content(new string('"', 119), DigestAudience.Security, "zh-Hans", lines: 9_999);

        var outcome = await Channel(teams.Address).PostAsync(heavy, default);

        Assert.IsType<PostOutcome.Delivered>(outcome);
        var texts = SomeDigest.Markdown(Assert.Single(teams.Posted)).ToArray();
        var shown = texts.Count(text => text == "●") / 5;
        Assert.Equal(5, texts.Count(text => text == Language.Of("zh-Hans").Say("more", ("n", 9_999 - shown)).ToPlainText()));
    }

    [Fact]
    public async Task TM_8_a_digest_of_an_incomplete_scan_arrives_with_the_missing_parts_named()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        var note = Language.Of("en").Say("note.incomplete", ("parts", "users and departments (partly read)"));

        await Channel(teams.Address).PostAsync(SomeDigest.Content(note: note), default);

        Assert.Contains("incomplete data: users and departments (partly read)", SomeDigest.Text(Assert.Single(teams.Posted)).Replace("\\", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_cut_after_the_post_is_unknown_and_nothing_is_posted_again()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.NextShowsAndCuts();

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.IsType<PostOutcome.Unknown>(outcome);
        Assert.Single(teams.Requests);
    }

    [Fact]
    public async Task A_stop_while_waiting_for_the_answer_is_unknown()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        using var stop = new CancellationTokenSource();
        teams.NextShowsAndHangs(stop.Cancel);

        var outcome = await Channel(teams.Address).PostAsync(Content, stop.Token);

        Assert.IsType<PostOutcome.Unknown>(outcome);
    }

    [Fact]
    public async Task A_stop_before_the_post_posts_nothing()
    {
        await using var teams = await TeamsReceiver.StartAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Channel(teams.Address).PostAsync(Content, new CancellationToken(canceled: true)));

        Assert.Empty(teams.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(408)]
    [InlineData(204)]
    public async Task A_server_error_may_have_posted_so_it_is_unknown_and_not_repeated(int status)
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.Next(status);

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.IsType<PostOutcome.Unknown>(outcome);
        Assert.Single(teams.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_workflow_is_asked_again_and_given_up_as_not_posted(int status)
    {
        await using var teams = await TeamsReceiver.StartAsync();
        for (var time = 0; time < 4; time++)
        {
            teams.Next(status);
        }

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.Contains("4 attempts", Assert.IsType<PostOutcome.NotPosted>(outcome).Detail, StringComparison.Ordinal);
        Assert.Equal(4, teams.Requests.Count);
        Assert.Empty(teams.Posted);
        Assert.Equal([2, 4, 8], _time.Waits.Select(wait => wait.TotalSeconds).Where(seconds => seconds > 1));
    }

    [Fact]
    public async Task A_wait_longer_than_allowed_ends_the_post_as_not_made()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.Next(429, "", ("Retry-After", "3600"));

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        Assert.Contains("3600", Assert.IsType<PostOutcome.NotPosted>(outcome).Detail, StringComparison.Ordinal);
        Assert.Single(teams.Requests);
    }

    [Theory]
    [InlineData(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled"}}""", "turned off")]
    [InlineData(404, "", "no such flow")]
    [InlineData(401, """{"error":{"code":"DirectApiAuthorizationRequired"}}""", "copy the address again")]
    [InlineData(403, "nonsense", "not among those")]
    [InlineData(302, "", "moved")]
    [InlineData(418, """{"error":{"code":"S3cr3t canary [x](https://evil)"}}""", "refused")]
    public async Task A_refusal_is_told_with_advice_and_not_repeated(int status, string body, string advice)
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.Next(status, body);

        var outcome = await Channel(teams.Address).PostAsync(Content, default);

        var detail = Assert.IsType<PostOutcome.NotPosted>(outcome).Detail;
        Assert.Contains(advice, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", detail, StringComparison.Ordinal);
        Assert.Single(teams.Requests);
    }

    [Fact]
    public async Task The_signed_address_is_sent_byte_for_byte_and_without_a_token()
    {
        await using var teams = await TeamsReceiver.StartAsync();

        await Channel(teams.Address).PostAsync(Content, default);

        var request = Assert.Single(teams.Requests);
        Assert.Equal(TeamsReceiver.Path + TeamsReceiver.Signed, request.Target);
        Assert.Null(request.Authorization);
        Assert.Equal("application/json; charset=utf-8", request.ContentType);
    }

    [Fact]
    public async Task A_flow_restricted_to_the_tenant_gets_a_token_for_its_cloud_which_is_renewed_once()
    {
        await using var teams = await TeamsReceiver.StartAsync(wantsToken: true);
        var token = new ScriptedToken("stale-token", "good-token");

        var outcome = await Channel(teams.Address, new WorkflowOptions { Auth = WorkflowAuth.Entra, Cloud = WorkflowCloud.China }, token).PostAsync(Content, default);

        Assert.IsType<PostOutcome.Accepted>(outcome);
        Assert.Equal([("https://service.powerautomate.cn//.default", null), ("https://service.powerautomate.cn//.default", "stale-token")], token.Asked);
        Assert.Equal(["Bearer stale-token", "Bearer good-token"], teams.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_token_refused_twice_ends_the_post()
    {
        await using var teams = await TeamsReceiver.StartAsync(wantsToken: true);

        var outcome = await Channel(teams.Address, new WorkflowOptions { Auth = WorkflowAuth.Entra }, new ScriptedToken("bad", "worse")).PostAsync(Content, default);

        Assert.IsType<PostOutcome.NotPosted>(outcome);
        Assert.Equal(2, teams.Requests.Count);
    }

    [Fact]
    public async Task Posts_of_several_channels_leave_one_a_second()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        var channel = Channel(teams.Address);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => channel.PostAsync(Content, default)));

        Assert.Equal(4, _time.Waits.Count(wait => wait > TimeSpan.FromMilliseconds(999)));
        Assert.True(_time.GetUtcNow() >= HandSetTime.Start.AddSeconds(4));
    }

    [Fact]
    public async Task An_unreachable_place_is_tried_again_and_told_without_its_secret()
    {
        var outcome = await Channel("http://127.0.0.1:1" + TeamsReceiver.Path + TeamsReceiver.Signed).PostAsync(Content, default);

        var detail = Assert.IsType<PostOutcome.NotPosted>(outcome).Detail;
        Assert.Contains("cannot be reached", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("sig", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_and_no_tenant_text_reaches_the_log()
    {
        await using var teams = await TeamsReceiver.StartAsync();
        teams.Next(429, "canary-body");
        teams.Next(500, "canary-body");

        await Channel(teams.Address).PostAsync(SomeDigest.Content("canary-name"), default);

        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase) || line.Contains("S3cr3t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Random_answers_never_show_a_digest_twice_and_an_end_is_never_better_than_the_truth()
    {
        var random = new Random(20261122);
        var seen = new HashSet<string>();
        for (var run = 0; run < 200; run++)
        {
            await using var teams = await TeamsReceiver.StartAsync(answersInBody: run % 2 == 0);
            for (var fault = random.Next(0, 4); fault > 0; fault--)
            {
                switch (random.Next(5))
                {
                    case 0: teams.Next(429); break;
                    case 1: teams.Next(500); break;
                    case 2: teams.NextShowsAndCuts(); break;
                    case 3: teams.Next(200, "Webhook message delivery failed ... HTTP error 429 ..."); break;
                    default: teams.Next(413); break;
                }
            }

            var outcome = await Channel(teams.Address).PostAsync(SomeDigest.Content(lines: 10), default);

            seen.Add(outcome.GetType().Name);
            Assert.InRange(teams.Posted.Count, 0, 1);
            Assert.False(outcome is PostOutcome.NotPosted && !teams.Posted.IsEmpty, "told as not posted, but people see it");
            Assert.False(outcome is PostOutcome.Delivered && teams.Posted.IsEmpty, "told as delivered, but nobody sees it");
        }

        Assert.Equal(["Accepted", "Delivered", "NotPosted", "Unknown"], seen.Order());
    }

    private sealed class ScriptedToken(params string[] tokens) : ITokenSource
    {
        public List<(string Scope, string? Rejected)> Asked { get; } = [];

        public ValueTask<string> TokenAsync(string scope, string? rejected, string? claims, CancellationToken cancellationToken)
        {
            Asked.Add((scope, rejected));
            return new ValueTask<string>(tokens[Asked.Count - 1]);
        }
    }

    private sealed class KeptLog : ILogger<WorkflowChannel>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);
    }
}
