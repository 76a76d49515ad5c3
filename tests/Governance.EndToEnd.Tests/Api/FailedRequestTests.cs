using System.Collections.Immutable;
using System.Net;
using System.Text;
using Governance.Api.Http;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans.Queue;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Whatever a request failed of, the key that was sent with it can be used again, and what it did already is not done twice.</summary>
public sealed class FailedRequestTests
{
    /// <summary>RFC 3629, section 3: UTF-8 holds neither these bytes nor surrogates; RFC 8259, section 8.2: an escaped half is no Unicode character.</summary>
    public static TheoryData<byte[], string> Broken => new()
    {
        { [.. "{\"mode\":\"fu"u8, 0xff, .. "ll\"}"u8], "at byte 11" },
        { [.. "{\"mode\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8], "at byte 9" },
        { [.. "{\"mode\":\""u8, 0xc0, 0xaf, .. "\"}"u8], "at byte 9" },
        { """{"mode":"\ud800"}"""u8.ToArray(), "at byte 8" },
        { """{"mode":"full","\udc00":1}"""u8.ToArray(), "at byte 15" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Text_that_is_no_Unicode_is_refused_with_its_place_and_its_key_stays_usable(byte[] body, string place)
    {
        await using var server = await RunningServer.StartAsync();

        using var refused = await PostAsync(server, "/api/scans", body);
        var detail = await refused.Content.ReadAsStringAsync();
        using var repaired = await PostAsync(server, "/api/scans", "{}"u8.ToArray());

        Assert.Equal("invalid-unicode", await refused.Problem(HttpStatusCode.BadRequest));
        Assert.Contains(place, detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, repaired.StatusCode);
    }

    [Fact]
    public async Task A_failure_after_the_run_was_recorded_leaves_a_key_that_gives_the_same_run()
    {
        var failures = 1;
        await using var server = await RunningServer.StartAsync(adjust: services =>
        {
            var real = (IScanQueue)services.Last(service => service.ServiceType == typeof(IScanQueue)).ImplementationInstance!;
            var queue = new Mock<IScanQueue>();
            queue.Setup(it => it.SendAsync(It.IsAny<QueueMessage>(), It.IsAny<CancellationToken>())).Returns((QueueMessage message, CancellationToken cancellationToken) =>
                Interlocked.Decrement(ref failures) >= 0 ? throw new InvalidOperationException("the queue has a bug") : real.SendAsync(message, cancellationToken));
            services.AddSingleton(queue.Object);
        });

        using var failed = await PostAsync(server, "/api/scans", "{}"u8.ToArray());
        var recorded = Assert.Single(await server.Runs.RecentAsync(server.Tenant.Id, 10, default));
        using var again = await PostAsync(server, "/api/scans", "{}"u8.ToArray());
        using var replayed = await PostAsync(server, "/api/scans", "{}"u8.ToArray());

        Assert.Equal("internal-error", await failed.Problem(HttpStatusCode.InternalServerError));
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.EndsWith(recorded.Id, again.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("true", replayed.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task A_failure_after_an_act_was_recorded_leaves_a_key_that_finds_the_act()
    {
        await using var server = await RunningServer.StartAsync(adjust: services =>
        {
            var stores = (DecisionStores)services.Last(service => service.ServiceType == typeof(DecisionStores)).ImplementationInstance!;
            services.AddSingleton(stores with { Ledger = new BreaksAfterTheFirstAppend(stores.Ledger) });
        });
        await server.ScanAsync();
        using var client = server.Client();
        var finding = (await client.GetJson("/api/findings")).GetProperty("findings")[0].GetProperty("id").GetString()!;
        var path = $"/api/findings/{Uri.EscapeDataString(finding)}/mute";
        var body = Encoding.UTF8.GetBytes($$"""{"reason":"too loud","until":"{{TimeProvider.System.GetUtcNow().AddDays(9):yyyy-MM-dd}}"}""");

        using var failed = await PostAsync(server, path, body);
        using var again = await PostAsync(server, path, body);

        Assert.Equal("internal-error", await failed.Problem(HttpStatusCode.InternalServerError));
        Assert.True(again.IsSuccessStatusCode, await again.Content.ReadAsStringAsync());
        Assert.Single((await server.Ledger.ReadAsync(server.Tenant.Id, default)).Entries);
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string path, byte[] body)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) 
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Add("Idempotency-Key", "the-one-key");
        return await client.SendAsync(request);
    }

    private sealed class BreaksAfterTheFirstAppend(IDecisionLedger inner) : IDecisionLedger
    {
        private int _appends;

        public Task<StoredLedger> ReadAsync(Guid tenantId, CancellationToken cancellationToken) => inner.ReadAsync(tenantId, cancellationToken);

        public async Task<LedgerHead> AppendAsync(Guid tenantId, LedgerHead expected, ImmutableArray<LedgerDraft> drafts, CancellationToken cancellationToken)
        {
            var head = await inner.AppendAsync(tenantId, expected, drafts, cancellationToken);
            return Interlocked.Increment(ref _appends) == 1 ? throw new InvalidOperationException("a bug behind the act") : head;
        }

        public Task<LedgerHead> TakePartsAsync(Guid tenantId, LedgerHead expected, ImmutableArray<long> parts, LedgerDraft draft, CancellationToken cancellationToken) =>
            inner.TakePartsAsync(tenantId, expected, parts, draft, cancellationToken);
    }
}
