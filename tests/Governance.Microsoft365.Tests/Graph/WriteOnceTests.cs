using Governance.Core.Policy.Revocations;
using Governance.Core.Scans.Revocations;
using Governance.Microsoft365.Graph;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>A write whose answer never came was sent once, also on a connection that was in use before.</summary>
/// <remarks>RFC 9110, section 9.2.2, lets a client repeat an idempotent request whose connection ended; the client of .NET does so unseen.</remarks>
public sealed class WriteOnceTests
{
    private static readonly RevocationItem.Grant Grant = new("grant-1", Some.Id(1), Some.Id(90), Some.Id(501), "Mail.Read");
    private static readonly RevocationItem.Assignment Assignment = new("assignment-1", Some.Id(1), Some.Id(90), Some.Id(7));

    [Fact]
    public async Task A_DELETE_without_an_answer_is_sent_once_and_its_outcome_is_unknown()
    {
        foreach (RevocationItem item in new RevocationItem[] { Grant, Assignment })
        {
            await OnceAsync("DELETE", writer => writer.DeleteAsync(item, default));
        }
    }

    [Fact]
    public async Task A_POST_without_an_answer_is_sent_once_and_its_outcome_is_unknown()
    {
        foreach (RevocationItem item in new RevocationItem[] { Grant, Assignment })
        {
            await OnceAsync("POST", writer => writer.CreateAsync(item, default));
        }
    }

    [Fact]
    public async Task A_content_that_was_sent_is_not_sent_again()
    {
        using var content = OneTimeContent.Json("{}"u8.ToArray());
        await content.CopyToAsync(Stream.Null);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(Stream.Null));
    }

    private static async Task OnceAsync(string method, Func<GraphConsentWriter, Task<WriteAnswer>> write)
    {
        await using var server = new SilentServer();
        var options = new GraphOptions { Endpoint = server.Endpoint };
        using var http = GraphTransport.Client(options);
        var writer = new GraphConsentWriter(http, options, new FixedToken("writer"), TimeProvider.System);
        Assert.Empty(await writer.HeldByAsync(Some.Id(1), default));

        var answer = await write(writer);

        Assert.Equal(WriteOutcome.Unknown, answer.Outcome);
        Assert.StartsWith($"{method} ", Assert.Single(server.Writes), StringComparison.Ordinal);
    }
}
