using System.Net;
using Governance.Core.Policy.Ledger;
using Governance.EndToEnd.Tests.Api;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>An erasure takes one known person, shows first what it takes, and takes nothing else.</summary>
public sealed class ErasureBoundsTests
{
    [Theory]
    [InlineData("Read")]
    [InlineData("Ana")]
    [InlineData("Ana Lim")]
    [InlineData("ana lima marques")]
    [InlineData("p-000000000000000000000000")]
    [InlineData("0d0d0d0d-1111-4222-8333-444444444444")]
    [InlineData("  ")]
    public async Task A_word_or_a_part_of_a_name_is_nobody_and_takes_nothing(string word)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await ActAsync(tenant);
        var before = await LedgerAsync(tenant);

        var preview = await Run.Of("erase-user", word, "--as", "Dora", "--data", tenant.Data);
        var confirmed = await Run.Of("erase-user", word, "--confirm", "0123456789abcdef", "--as", "Dora", "--data", tenant.Data);

        Assert.Equal((2, 2), (preview.Code, confirmed.Code));
        Assert.Contains("nothing is kept here of a person", preview.Notes, StringComparison.Ordinal);
        Assert.Equal(before, await LedgerAsync(tenant));
    }

    [Fact]
    public async Task What_is_shown_is_not_removed_and_a_confirmation_holds_for_exactly_that()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await ActAsync(tenant);
        var before = await LedgerAsync(tenant);

        var preview = await Run.Of("erase-user", "Ana Lima", "--as", "Dora", "--data", tenant.Data);
        var wrong = await Run.Of("erase-user", "Ana Lima", "--confirm", "0123456789abcdef", "--as", "Dora", "--data", tenant.Data);
        Assert.Equal((0, 2), (preview.Code, wrong.Code));
        Assert.Equal(before, await LedgerAsync(tenant));
        var asked = Assert.Single((await tenant.RecordAsync()).Requests.Keys);
        var withdrawn = await Run.Of("withdraw", asked, "--reason", "no longer", "--as", "Ana Lima", "--data", tenant.Data);
        Assert.True(withdrawn.Code == 0, withdrawn.Notes);
        var stale = await Run.Of("erase-user", "Ana Lima", "--confirm", preview.Output.Split("--confirm ")[1].Trim(), "--as", "Dora", "--data", tenant.Data);

        Assert.Equal(2, stale.Code);
        Assert.Contains("look at it again", stale.Notes, StringComparison.Ordinal);
        Assert.Equal(0, (await Erased.ByCommand(tenant.Data, "Ana Lima")).Code);
    }

    [Fact]
    public async Task Texts_that_hold_only_the_word_and_undo_records_of_others_stay()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await ActAsync(tenant);
        var before = (await tenant.RecordAsync()).Entries.Where(entry => entry.Part is not null).ToDictionary(entry => entry.Entry.Sequence, entry => entry.Part);
        var mentions = before.Where(part => part.Value!.Contains("Ana Lima said", StringComparison.Ordinal)).Select(part => part.Key);

        var preview = await Run.Of("erase-user", "Ana Lima", "--as", "Dora", "--data", tenant.Data);
        var run = await Erased.ByCommand(tenant.Data, "Ana Lima");

        Assert.True(run.Code == 0, run.Notes);
        Assert.Contains($"1  texts of others that name the person (entries {Assert.Single(mentions)})", preview.Output, StringComparison.Ordinal);
        var after = (await tenant.RecordAsync()).Entries.Where(entry => entry.Part is not null).ToDictionary(entry => entry.Entry.Sequence, entry => entry.Part);
        Assert.Equal(
            before.Where(part => !part.Value!.StartsWith("campaign of Ana", StringComparison.Ordinal) && !part.Value.Contains("Ana Lima said", StringComparison.Ordinal)), after);
        Assert.Contains(after.Values, part => part!.Contains("Ana Lima-Costa", StringComparison.Ordinal));
        Assert.False((await tenant.RecordAsync()).Order(order).Undo.IsEmpty);
        var undone = await tenant.UndoAsync(order);
        Assert.True(undone.Items.Length > 0);
    }

    [Fact]
    public async Task A_pseudonym_that_is_recorded_stands_for_its_person()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await ActAsync(tenant);
        var pseudonym = (await tenant.PersonAsync("Ana Lima")).Pseudonym;

        var run = await Erased.ByCommand(tenant.Data, pseudonym);

        Assert.True(run.Code == 0, run.Notes);
        Assert.Contains("the name", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Ana Lima", (await tenant.Kept.Persons.NamesAsync(tenant.Id, default)).Values);
    }

    [Fact]
    public async Task Over_HTTP_a_word_is_nobody_and_an_erasure_needs_the_tag_of_its_preview()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        var user = server.Tenant.Simulator.Tenant.Grants.First(grant => grant.PrincipalId is not null).PrincipalId!.Value;
        var entries = (await client.GetJson("/api/audit")).GetProperty("entries").GetInt64();

        using var word = await DeleteAsync(client, "/api/subjects/Read", "\"0123456789abcdef\"");
        using var part = await client.GetAsync($"/api/subjects/{user.ToString()[..8]}");
        using var unseen = await DeleteAsync(client, $"/api/subjects/{user}", null);
        using var other = await DeleteAsync(client, $"/api/subjects/{user}", "\"0123456789abcdef\"");

        Assert.Equal("not-found", await word.Problem(HttpStatusCode.NotFound));
        Assert.Equal("not-found", await part.Problem(HttpStatusCode.NotFound));
        Assert.Equal("preview-first", await unseen.Problem((HttpStatusCode)428));
        Assert.Equal("changed-meanwhile", await other.Problem(HttpStatusCode.PreconditionFailed));
        Assert.Equal(entries, (await client.GetJson("/api/audit")).GetProperty("entries").GetInt64());
        using var erased = await Erased.OverHttp(client, user.ToString());
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);
    }

    /// <summary>Ana Lima asks; others write texts with and without her whole name, and take consents away and can put them back.</summary>
    /// <returns>The executed order.</returns>
    private static async Task<string> ActAsync(GovernedTenant tenant)
    {
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        Assert.NotEmpty((await tenant.ExecuteAsync(order.Id)).Items);
        var others = (await tenant.StateAsync()).Apps.Where(known => known.App.Principal.AppId is not null && known.Id != app.Id && known.AiInUse).Take(4).ToArray();
        async Task Act(string who, params string[] command)
        {
            var run = await Run.Of([.. command, "--as", who, "--data", tenant.Data]);
            Assert.True(run.Code == 0, run.Notes);
        }

        await Act("Ana Lima", "request", others[0].Id.ToString(), "--purpose", "campaign of Ana");
        await Act("Ben", "deny", others[1].Id.ToString(), "--reason", "Mail.Read and Read of Ana-Maria and Lima");
        await Act("Ben", "deny", others[2].Id.ToString(), "--reason", "Ana Lima-Costa and Diana Lima asked");
        await Act("Ben", "deny", others[3].Id.ToString(), "--reason", "as ana said, and Ana Lima said");
        return order.Id;
    }

    private static async Task<string> LedgerAsync(GovernedTenant tenant) => LedgerExport.Write(await tenant.Kept.Ledger.ReadAsync(tenant.Id, default));

    private static async Task<HttpResponseMessage> DeleteAsync(HttpClient client, string address, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await client.SendAsync(request);
    }
}
