using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Readings of a scripted tenant (GT-2, GT-5, GT-7, GT-8, GS-2, GS-4, GS-5, PG-3, PG-5, PG-6 and what no number names).</summary>
public sealed class GraphConsentSourceTests
{
    private static string Jwt(Guid tenant) =>
        $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"tid\":\"{tenant}\"}}")).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.x";

    [Fact]
    public async Task A_whole_tenant_is_complete_in_every_needed_part()
    {
        var inventory = await Some.InventoryAsync(new ScriptedGraph());

        Assert.True(inventory.Complete);
        Assert.Equal((5, 5, 3, 5), (inventory.ServicePrincipals.Length, inventory.Grants.Count, inventory.Assignments.Count, inventory.Users.Count));
        Assert.Equal("Brightwave", inventory.Organization.Name);
        Assert.Equal(HandSetTime.Start, inventory.ReadAt);
        Assert.All(inventory.Parts.Where(part => !Inventory.Needed.Contains(part.Part)), part => Assert.Equal(PartStatus.Skipped, part.Status));
    }

    [Fact]
    public async Task Every_page_is_asked_with_its_header_and_the_first_with_a_count()
    {
        var graph = new ScriptedGraph();

        await Some.InventoryAsync(graph);

        var counted = graph.Requests.Where(request => request.Collection is "servicePrincipals" or "oauth2PermissionGrants" or "users").ToArray();
        Assert.Equal(9, counted.Length);
        Assert.All(counted, request => Assert.True(request.Eventual));
        Assert.Equal(3, counted.Count(request => request.Address.Query.Contains("$top=999", StringComparison.Ordinal) && request.Address.Query.Contains("$count=true", StringComparison.Ordinal)));
        Assert.All(graph.Requests, request => Assert.Equal("opaque", request.Token));
    }

    [Fact]
    public async Task A_refused_token_at_the_start_is_access_denied()
    {
        var graph = new ScriptedGraph { Instead = _ => ScriptedGraph.Error(401, "InvalidAuthenticationToken") };

        var denied = await Assert.ThrowsAsync<TenantAccessDeniedException>(() => Some.InventoryAsync(graph));

        Assert.Equal(401, denied.Status);
        Assert.Contains("graph.example:443", denied.Message, StringComparison.Ordinal);
        Assert.Equal(2, graph.Requests.Count(request => request.Collection == "organization"));
    }

    [Fact]
    public async Task GT_8_a_token_that_ran_out_is_renewed_once_and_the_same_page_asked_again()
    {
        var tokens = new Renewed();
        var graph = new ScriptedGraph
        {
            Instead = request => request.Address.Query.Contains("skiptoken=4", StringComparison.Ordinal) && request.Token == "first" ? ScriptedGraph.Error(401, "InvalidAuthenticationToken") : null,
        };

        var inventory = await Some.InventoryAsync(graph, tokens: tokens);

        Assert.True(inventory.Complete);
        Assert.Contains(graph.Requests, request => request.Token == "second");
    }

    [Fact]
    public async Task GT_8_a_token_refused_also_after_renewal_ends_its_part()
    {
        var graph = new ScriptedGraph
        {
            Instead = request => request.Address.Query.Contains("skiptoken=2", StringComparison.Ordinal) && request.Collection == "users" ? ScriptedGraph.Error(401, "InvalidAuthenticationToken") : null,
        };

        var inventory = await Some.InventoryAsync(graph, tokens: new Renewed());

        var users = inventory.Part(InventoryPart.Users);
        Assert.Equal((PartStatus.Partial, 2L, "auth: the token was refused, also after renewal at page 2"), (users.Status, users.Items, users.Reason));
        Assert.Equal(["first", "second"], graph.Requests.Where(request => request.Collection == "users" && request.Address.Query.Contains("skiptoken=2", StringComparison.Ordinal)).Select(request => request.Token));
    }

    [Fact]
    public async Task Refusal_of_everything_is_access_denied_with_all_rights_named()
    {
        var graph = new ScriptedGraph { Instead = _ => ScriptedGraph.Error(403, "Authorization_RequestDenied") };

        var denied = await Assert.ThrowsAsync<TenantAccessDeniedException>(() => Some.InventoryAsync(graph, tokens: new FixedToken(Jwt(Some.TenantId))));

        Assert.Equal(403, denied.Status);
        Assert.Contains("Directory.Read.All", denied.Message, StringComparison.Ordinal);
        Assert.Contains("Organization.Read.All", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tenant_is_taken_from_the_token_when_the_organization_is_refused()
    {
        var graph = new ScriptedGraph { Instead = request => request.Collection == "organization" ? ScriptedGraph.Error(403, "Authorization_RequestDenied") : null };

        var inventory = await Some.InventoryAsync(graph, tokens: new FixedToken(Jwt(Some.TenantId)));

        Assert.Equal(Some.TenantId, inventory.Organization.TenantId);
        Assert.True(inventory.Complete);
    }

    [Fact]
    public async Task An_opaque_token_without_the_organization_is_access_denied()
    {
        var graph = new ScriptedGraph { Instead = request => request.Collection == "organization" ? ScriptedGraph.Error(403, "Authorization_RequestDenied") : null };

        var denied = await Assert.ThrowsAsync<TenantAccessDeniedException>(() => Some.InventoryAsync(graph));

        Assert.Contains("does not say which tenant", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenant_than_the_tokens_is_refused()
    {
        var denied = await Assert.ThrowsAsync<TenantAccessDeniedException>(() => Some.InventoryAsync(new ScriptedGraph(), tokens: new FixedToken(Jwt(Some.Id(1)))));

        Assert.Contains("wrong tenant", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenant_than_the_one_meant_is_refused()
    {
        var options = Some.Options();
        options.TenantId = Some.Id(4);

        await Assert.ThrowsAsync<TenantAccessDeniedException>(() => Some.InventoryAsync(new ScriptedGraph(), options: options));
    }

    [Fact]
    public async Task A_place_where_nothing_listens_is_named_with_host_and_port()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var options = Some.Options(new Uri($"http://127.0.0.1:{port}"));
        var source = new GraphConsentSource(
            GraphTransport.Client(options), options, new FixedToken("t"), new HandSetTime(), Microsoft.Extensions.Logging.Abstractions.NullLogger<GraphConsentSource>.Instance);

        var unreachable = await Assert.ThrowsAsync<SourceUnreachableException>(source.ReadAsync);

        Assert.Contains($"127.0.0.1:{port} cannot be reached", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_will_not_count_is_read_without_a_count_and_never_called_whole()
    {
        var graph = new ScriptedGraph
        {
            Instead = request => request.Address.Query.Contains("$count", StringComparison.Ordinal) ? ScriptedGraph.Error(400, "Request_UnsupportedQuery") : null,
        };

        var inventory = await Some.InventoryAsync(graph);

        var grants = inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal((PartStatus.Partial, 5L, null), (grants.Status, grants.Items, grants.Expected));
        Assert.Contains("would not count", grants.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(graph.Requests, request => request.Eventual && !request.Address.Query.Contains("$count", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(4)]
    public async Task GS_4_a_count_that_differs_from_the_rows_is_a_mismatch(int count)
    {
        var graph = new ScriptedGraph();
        graph.Counts["users"] = count;

        var users = (await Some.InventoryAsync(graph)).Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Partial, $"count mismatch: 5 of {count}"), (users.Status, users.Reason));
    }

    [Theory]
    [InlineData("https://evil.example/v1.0/users?skiptoken=2")]
    [InlineData("http://graph.example/v1.0/users?skiptoken=2")]
    [InlineData("https://graph.example:444/v1.0/users?skiptoken=2")]
    [InlineData("https://me@graph.example/v1.0/users?skiptoken=2")]
    [InlineData("//evil.example/v1.0/users?skiptoken=2")]
    [InlineData("https://graph.example.evil.example/v1.0/users")]
    [InlineData("file:///etc/passwd")]
    public async Task PG_5_a_link_elsewhere_is_not_followed_and_is_a_security_event(string link)
    {
        var graph = new ScriptedGraph();
        graph.Instead = request => request.Collection == "users" ? ScriptedGraph.Answer(HttpStatusCode.OK, $$"""{"value":[{{ScriptedGraph.User(1)}}],"@odata.nextLink":"{{link}}"}""") : null;

        var log = new HeardLog();

        var users = (await Some.Source(graph, logger: log).ReadAsync()).Inventory.Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Partial, "link to another host refused at page 1"), (users.Status, users.Reason));
        Assert.Equal((LogLevel.Error, "Security: page 1 of Users linked to another host; the link was not followed"), Assert.Single(log.Lines, line => line.Text.StartsWith("Security", StringComparison.Ordinal)));
        Assert.All(graph.Requests, request => Assert.Equal("https://graph.example", request.Address.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var graph = new ScriptedGraph
        {
            Instead = request => request.Collection == "users" ? ScriptedGraph.Answer(HttpStatusCode.Found, "", ("Location", "https://evil.example/")) : null,
        };

        var users = (await Some.InventoryAsync(graph)).Part(InventoryPart.Users);

        Assert.Equal((PartStatus.Unavailable, "redirect not followed (302)"), (users.Status, users.Reason));
    }

    [Fact]
    public async Task PG_3_a_loop_over_two_pages_is_found()
    {
        var graph = new ScriptedGraph();
        graph.Instead = request => request.Collection == "users"
            ? ScriptedGraph.Answer(HttpStatusCode.OK, $$"""{"@odata.nextLink":"{{ScriptedGraph.Root}}users?skiptoken={{(request.Address.Query.Contains("skiptoken=a", StringComparison.Ordinal) ? "b" : "a")}}","value":[{{ScriptedGraph.User(1)}}]}""")
            : null;

        var users = (await Some.InventoryAsync(graph)).Part(InventoryPart.Users);

        Assert.Equal("loop at page 3", users.Reason);
    }

    [Fact]
    public async Task GT_7_silence_is_broken_off_and_asked_again_while_the_other_parts_go_on()
    {
        var time = new HandSetTime();
        var others = new OthersEnded(InventoryPart.Users);
        var graph = new ScriptedGraph();
        graph.Instead = request =>
        {
            if (request.Collection != "users" || request.Try > 1 || request.Address.Query.Contains("skiptoken", StringComparison.Ordinal))
            {
                return null;
            }

            // Silence lasts until all other parts have ended: were they held up by it, it would never end.
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StreamContent(new SilentStream("{\"value\":[", () => _ = others.Task.ContinueWith(_ => time.Advance(TimeSpan.FromDays(3)), TaskScheduler.Default))),
            };
        };

        var inventory = (await Some.Source(graph, time).ReadAsync(others, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(5))).Inventory;

        Assert.True(inventory.Complete, inventory.Part(InventoryPart.Users).Reason);
        Assert.Equal(5, inventory.Users.Count);
    }

    [Fact]
    public async Task GT_5_a_wait_longer_than_the_time_left_is_not_waited()
    {
        var time = new HandSetTime();
        var graph = new ScriptedGraph();
        graph.Instead = request => request.Collection == "users" ? ScriptedGraph.Error(503, "x", "y", ("Retry-After", "2000000")) : null;

        var inventory = await Some.InventoryAsync(graph, time);

        var users = inventory.Part(InventoryPart.Users);
        Assert.Equal(PartStatus.Partial, users.Status);
        Assert.StartsWith("throttled out: 503, asked to wait 2000000 s", users.Reason, StringComparison.Ordinal);
        Assert.Single(graph.Requests, request => request.Collection == "users");
    }

    [Fact]
    public async Task PG_6_the_end_of_the_time_leaves_what_was_read_as_partial()
    {
        var time = new HandSetTime();
        var options = Some.Options();
        options.Silence = TimeSpan.FromDays(40);
        var graph = new ScriptedGraph();
        graph.Instead = request => request.Collection == "users" && request.Address.Query.Contains("skiptoken=2", StringComparison.Ordinal)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new SilentStream("{", () => time.Advance(TimeSpan.FromDays(11)))) }
            : null;

        var inventory = await Some.InventoryAsync(graph, time, options);

        var users = inventory.Part(InventoryPart.Users);
        Assert.Equal((PartStatus.Partial, 2L, "time budget used up at page 2"), (users.Status, users.Items, users.Reason));
    }

    [Fact]
    public async Task GT_2_waits_that_the_server_does_not_name_grow_with_jitter_and_have_an_end()
    {
        var time = new HandSetTime();
        var graph = new ScriptedGraph { Instead = request => request.Collection == "users" ? ScriptedGraph.Error(429, "TooManyRequests") : null };

        var reading = await Some.Source(graph, time).ReadAsync();

        Assert.Equal(6, graph.Requests.Count(request => request.Collection == "users"));
        Assert.Equal((6, 5), (reading.Requests.Throttled, reading.Requests.Retries));
        var users = reading.Inventory.Part(InventoryPart.Users);
        Assert.Equal((PartStatus.Partial, "throttled out: 429 at page 1"), (users.Status, users.Reason));
        Assert.Equal(5, time.Waits.Count);
        Assert.All(time.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.True(time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait) > 5 * Some.Options().FirstWait, string.Join(' ', time.Waits));
        Assert.NotEqual(time.Waits, Enumerable.Range(0, 5).Select(wait => Some.Options().FirstWait * Math.Pow(2, wait)));
    }

    [Fact]
    public async Task PG_6_cancelling_gives_no_inventory()
    {
        using var cancelled = new CancellationTokenSource();
        var graph = new ScriptedGraph();
        graph.Instead = request =>
        {
            if (request.Address.Query.Contains("skiptoken=2", StringComparison.Ordinal))
            {
                cancelled.Cancel();
            }

            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Some.Source(graph).ReadAsync(new Some.Unheard(), cancelled.Token));
    }

    [Fact]
    public async Task An_unreadable_row_is_counted_and_takes_no_other_with_it()
    {
        var graph = new ScriptedGraph();
        graph.Rows["oauth2PermissionGrants"].Insert(1, """{"id":"x","clientId":"not a guid","consentType":"Principal","scope":"Mail.Read"}""");
        graph.Rows["oauth2PermissionGrants"].Add("null");

        var inventory = await Some.InventoryAsync(graph);

        var grants = inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal(5, inventory.Grants.Count);
        Assert.Equal((PartStatus.Partial, "2 rows unreadable, the first because clientId is not a GUID on page 1"), (grants.Status, grants.Reason));
    }

    [Fact]
    public async Task GS_5_a_resource_removed_during_the_scan_has_no_assignments_and_that_is_recorded()
    {
        var graph = new ScriptedGraph();
        graph.Rows.Remove($"servicePrincipals/{Some.Id(95)}/appRoleAssignedTo");
        graph.Instead = request => request.Address.Query.Contains("$filter=id", StringComparison.Ordinal) ? ScriptedGraph.Answer(HttpStatusCode.OK, """{"value":[]}""") : null;

        var part = (await Some.InventoryAsync(graph)).Part(InventoryPart.AppRoleAssignments);

        Assert.True(part.Complete, part.Reason);
        Assert.Equal("1 service principal was removed during the scan", part.Reason);
    }

    [Fact]
    public async Task GS_5_a_resource_that_is_still_there_but_answers_404_makes_the_part_partial()
    {
        var graph = new ScriptedGraph();
        graph.Rows.Remove($"servicePrincipals/{Some.Id(95)}/appRoleAssignedTo");
        graph.Instead = request => request.Address.Query.Contains("$filter=id", StringComparison.Ordinal) ? ScriptedGraph.Answer(HttpStatusCode.OK, $$"""{"value":[{"id":"{{Some.Id(95)}}"}]}""") : null;

        var part = (await Some.InventoryAsync(graph)).Part(InventoryPart.AppRoleAssignments);

        Assert.Equal(PartStatus.Partial, part.Status);
        Assert.Contains("1 of 2 resources not read whole", part.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GS_2_a_missing_licence_is_told_apart_from_a_missing_right()
    {
        var options = Some.Options();
        options.OptionalParts.Add(InventoryPart.SignInActivity);
        options.OptionalParts.Add(InventoryPart.ConsentEvents);
        var graph = new ScriptedGraph
        {
            Instead = request => request.Address.AbsolutePath.Contains("reports/", StringComparison.Ordinal)
                ? ScriptedGraph.Error(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license")
                : request.Collection.StartsWith("auditLogs", StringComparison.Ordinal) ? ScriptedGraph.Error(403, "Authorization_RequestDenied") : null,
        };

        var inventory = await Some.InventoryAsync(graph, options: options);

        Assert.Equal("licence missing: Microsoft Entra ID P1 or P2 is needed", inventory.Part(InventoryPart.SignInActivity).Reason);
        Assert.Equal("access denied: needs AuditLog.Read.All", inventory.Part(InventoryPart.ConsentEvents).Reason);
        Assert.Equal(PartStatus.Unavailable, inventory.Part(InventoryPart.SignInActivity).Status);
        Assert.True(inventory.Complete);
    }

    [Fact]
    public async Task Order_of_rows_and_pages_leaves_no_trace()
    {
        var straight = new ScriptedGraph();
        var reversed = new ScriptedGraph();
        foreach (var rows in reversed.Rows.Values)
        {
            rows.Reverse();
        }

        Assert.Equal(Some.Content(await Some.InventoryAsync(straight)), Some.Content(await Some.InventoryAsync(reversed)));
    }

    [Fact]
    public async Task Progress_tells_of_pages_and_of_the_end_of_each_part()
    {
        var heard = new Some.Heard();

        await Some.Source(new ScriptedGraph()).ReadAsync(heard, CancellationToken.None);

        Assert.Equal(4, heard.All.Count(one => one.Done));
        Assert.Contains(heard.All, one => one is { Part: InventoryPart.Users, Items: 2, Expected: 5, Done: false });
    }

    /// <summary>Done when every needed part but one has ended.</summary>
    private sealed class OthersEnded(InventoryPart but) : IProgress<ReadProgress>
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = Inventory.Needed.Length - 1;

        public Task Task => _ended.Task;

        public void Report(ReadProgress value)
        {
            if (value.Done && value.Part != but && Interlocked.Decrement(ref _left) == 0)
            {
                _ended.SetResult();
            }
        }
    }

    private sealed class HeardLog : ILogger<GraphConsentSource>
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception)));
    }

    private sealed class Renewed : ITokenSource
    {
        public ValueTask<string> TokenAsync(string scope, string? rejected, string? claims, CancellationToken cancellationToken)
        {
            Assert.Equal("https://graph.example/.default", scope);
            return new(rejected is null ? "first" : "second");
        }
    }

    /// <summary>Gives a few bytes, then nothing until the reader gives up.</summary>
    private sealed class SilentStream(string start, Action waiting) : Stream
    {
        private byte[]? _start = Encoding.UTF8.GetBytes(start);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_start is { } bytes)
            {
                _start = null;
                bytes.CopyTo(buffer);
                return bytes.Length;
            }

            var never = Task.Delay(Timeout.Infinite, cancellationToken);
            waiting();
            await never;
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
