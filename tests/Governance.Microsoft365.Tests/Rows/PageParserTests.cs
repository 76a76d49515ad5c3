using System.Text;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;
using Governance.Microsoft365.Tests.Graph;

namespace Governance.Microsoft365.Tests.Rows;

public sealed class PageParserTests
{
    private const string Page = """
        {"unknown":{"deep":[1,{"value":[{"clientId":"x"}]}]},"@odata.count":2,"@odata.nextLink":"https://h/next","value":[
        {"scope":"Mail.Read \u00fc\ud83d\ude00\n","extra":{"id":[{}]},"resourceId":"AAAAAAAA-0000-0000-0000-00000000000A","@odata.type":"#g","principalId":null,"consentType":"AllPrincipals","clientId":"bbbbbbbb-0000-0000-0000-00000000000b","id":"one"},
        {"id":"two","clientId":"BBBBBBBB-0000-0000-0000-00000000000B","principalId":"cccccccc-0000-0000-0000-00000000000c","scope":null,"resourceId":"aaaaaaaa-0000-0000-0000-00000000000a","consentType":"Principal"}],"after":[[]]}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100_000)]
    public async Task A_page_is_the_same_in_pieces_of_any_size(int piece)
    {
        var (envelope, grants, rows) = await ReadAsync(Encoding.UTF8.GetBytes(Page), piece);

        Assert.Equal((true, "https://h/next", 2L), (envelope.HasValue, envelope.NextLink, envelope.Count));
        Assert.Equal(0, rows);
        Assert.Equal(
            [("one", (Guid?)null, "Mail.Read ü😀\n"), ("two", Guid.Parse("cccccccc-0000-0000-0000-00000000000c"), string.Empty)],
            grants.All().Select(grant => (grant.Id, grant.PrincipalId, grant.Scope)));
        Assert.Equal(Guid.Parse("bbbbbbbb-0000-0000-0000-00000000000b"), Assert.Single(grants.Clients.ToArray()));
    }

    [Fact]
    public async Task A_body_cut_at_any_byte_is_never_a_shorter_list()
    {
        var whole = Encoding.UTF8.GetBytes(Page.TrimEnd());

        for (var length = 0; length < whole.Length; length++)
        {
            await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(whole[..length], 50));
        }
    }

    [Theory]
    [InlineData("""{"value":[]}{"value":[]}""")]
    [InlineData("""{"value":[]} x""")]
    [InlineData("[]")]
    [InlineData("<html></html>")]
    [InlineData("null")]
    public async Task What_is_not_one_page_is_refused(string body)
    {
        await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(Encoding.UTF8.GetBytes(body), 10));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":{"id":1}}""")]
    [InlineData("""{"error":{"code":"x"}}""")]
    public async Task A_page_without_a_list_says_so(string body)
    {
        var (envelope, _, _) = await ReadAsync(Encoding.UTF8.GetBytes(body), 10);

        Assert.False(envelope.HasValue);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("[[{}]]")]
    [InlineData("{}")]
    [InlineData("""{"clientId":7,"resourceId":"aaaaaaaa-0000-0000-0000-00000000000a","consentType":"AllPrincipals"}""")]
    [InlineData("""{"clientId":"aaaaaaaa-0000-0000-0000-00000000000a","resourceId":"aaaaaaaa-0000-0000-0000-00000000000a","consentType":"Principal","principalId":null}""")]
    [InlineData("""{"clientId":"aaaaaaaa-0000-0000-0000-00000000000a","resourceId":"aaaaaaaa-0000-0000-0000-00000000000a","consentType":"AllPrincipals","scope":["Mail.Read"]}""")]
    public async Task A_row_that_cannot_be_read_is_counted_and_the_next_is_read(string row)
    {
        var good = ScriptedGraph.Grant(1, 1);

        var (_, grants, unreadable) = await ReadAsync(Encoding.UTF8.GetBytes($$"""{"value":[{{row}},{{good}}]}"""), 9);

        Assert.Equal((1, 1), (unreadable, grants.Count));
    }

    [Fact]
    public async Task A_text_that_breaks_unicode_hides_no_row()
    {
        byte[] invalid = [.. "{\"value\":[{\"id\":\"aaaaaaaa-0000-0000-0000-00000000000a\",\"displayName\":\"\\ud800A"u8, 0xFF, .. "\"}]}"u8];
        var read = new List<ServicePrincipal>();
        var rows = new ServicePrincipalRows(read.Add);

        await PageStream.ReadAsync(new MemoryStream(invalid), new PageParser(rows, PageLayout.Page), null, CancellationToken.None);
        rows.Keep();

        Assert.Equal("\uFFFDA\uFFFD", Assert.Single(read).DisplayName);
    }

    [Fact]
    public async Task A_row_larger_than_any_buffer_is_read()
    {
        var roles = string.Join(',', Enumerable.Range(0, 20_000).Select(role => $$"""{"id":"{{Some.Id(role)}}","value":"Role.{{role}}","description":"{{new string('d', 40)}}"}"""));
        var read = new List<ServicePrincipal>();
        var rows = new ServicePrincipalRows(read.Add);

        await PageStream.ReadAsync(
            new Pieces(Encoding.UTF8.GetBytes($$"""{"value":[{"id":"{{Some.Id(1)}}","appRoles":[{{roles}}]}]}"""), 8192), new PageParser(rows, PageLayout.Page), null, CancellationToken.None);
        rows.Keep();

        Assert.Equal(20_000, Assert.Single(read).AppRoles.Length);
    }

    [Fact]
    public async Task Dropped_rows_leave_nothing()
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        var rows = new GrantRows(builder);
        await PageStream.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(Page)), new PageParser(rows, PageLayout.Page), null, CancellationToken.None);

        rows.Drop();
        rows.Keep();

        Assert.Equal(0, builder.Added);
    }

    [Fact]
    public async Task An_unverified_publisher_of_nulls_is_none_and_an_unknown_kind_of_principal_is_kept()
    {
        var read = new List<ServicePrincipal>();
        var rows = new ServicePrincipalRows(read.Add);
        var body = $$"""
            {"value":[{"@odata.type":"#microsoft.graph.agentIdentity","id":"{{Some.Id(1)}}","servicePrincipalType":"ServiceIdentity","verifiedPublisher":{"addedDateTime":null,"displayName":null,"verifiedPublisherId":null},
            "createdDateTime":"2026-05-02T09:10:35.27","tags":["a",null,"b"],"appId":null,"accountEnabled":"odd"},
            {"id":"{{Some.Id(2)}}","verifiedPublisher":{"displayName":"Vendor","verifiedPublisherId":"77","addedDateTime":"2026-05-02T09:10:35Z"},"publisherName":"P"}]}
            """;

        await PageStream.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), new PageParser(rows, PageLayout.Page), null, CancellationToken.None);
        rows.Keep();

        Assert.Equal(0, rows.Unreadable);
        Assert.Equal(("ServiceIdentity", null, null, null), (read[0].Type, read[0].VerifiedPublisher, read[0].AppId, read[0].Enabled));
        Assert.Equal(["a", "b"], read[0].Tags.ToArray());
        Assert.Equal(new DateTimeOffset(2026, 5, 2, 9, 10, 35, 270, TimeSpan.Zero), read[0].CreatedAt);
        Assert.Equal(("Vendor", "77", "P"), (read[1].VerifiedPublisher?.Name, read[1].VerifiedPublisher?.Id, read[1].PublisherName));
    }

    private static async Task<(PageEnvelope Envelope, DelegatedPermissionGrants Grants, int Unreadable)> ReadAsync(byte[] body, int piece)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        var rows = new GrantRows(builder);
        var parser = new PageParser(rows, PageLayout.Page);
        await PageStream.ReadAsync(new Pieces(body, piece), parser, null, CancellationToken.None);
        var unreadable = rows.Unreadable;
        rows.Keep();
        return (parser.Last, builder.Build(), unreadable);
    }

    /// <summary>Gives its bytes in pieces of one size.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
