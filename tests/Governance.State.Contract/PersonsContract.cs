using Governance.Core.Policy;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every keeper of persons does.</summary>
public abstract class PersonsContract
{
    protected static readonly Guid Tenant = Guid.Parse("0a0a0a0a-1111-4222-8333-444444444444");
    private static readonly Guid Other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");

    /// <summary>Opens a keeper on this test's own state, which is empty at first; a second one is like a second process.</summary>
    protected abstract IPersons Open();

    [Fact]
    public async Task AP_7_a_pseudonym_is_stable_in_a_tenant_and_differs_across_tenants()
    {
        var ana = await Open().ActingAsync(Tenant, "Ana Lima", default);

        Assert.Equal(ana.Pseudonym, (await Open().OfAsync(Tenant, "  ana LIMA ", default)).Pseudonym);
        Assert.NotEqual(ana.Pseudonym, (await Open().OfAsync(Other, "Ana Lima", default)).Pseudonym);
        Assert.Matches("^p-[0-9a-f]{24}$", ana.Pseudonym);
    }

    [Fact]
    public async Task A_user_id_has_one_pseudonym_in_whatever_form_it_is_written()
    {
        var id = Guid.Parse("ABCDEF01-2345-6789-abcd-ef0123456789");

        Assert.Equal((await Open().OfAsync(Tenant, id.ToString("D"), default)).Pseudonym, (await Open().OfAsync(Tenant, id.ToString("B").ToUpperInvariant(), default)).Pseudonym);
    }

    [Fact]
    public async Task The_name_of_who_acts_is_kept_as_first_given_and_of_no_one_else()
    {
        var ana = await Open().ActingAsync(Tenant, " Ana \u202E Lima/#?\\ ", default);
        await Open().ActingAsync(Tenant, "ANA \u202E LIMA/#?\\", default);
        await Open().OfAsync(Tenant, "Ben", default);
        await Open().ActingAsync(Other, "Cleo", default);

        var names = await Open().NamesAsync(Tenant, default);

        Assert.Equal((ana.Pseudonym, "Ana \u202E Lima/#?\\"), (Assert.Single(names).Key, Assert.Single(names).Value));
    }

    [Fact]
    public async Task Of_twenty_first_comers_at_once_all_get_the_same_key()
    {
        var keepers = Enumerable.Range(0, 20).Select(_ => Open()).ToArray();

        var pseudonyms = await Task.WhenAll(keepers.Select(keeper => Task.Run(() => keeper.OfAsync(Tenant, "Ana", default))));

        Assert.Single(pseudonyms.Select(person => person.Pseudonym).Distinct());
        Assert.Equal(pseudonyms[0].Pseudonym, (await Open().OfAsync(Tenant, "Ana", default)).Pseudonym);
    }

    [Fact]
    public async Task After_a_new_key_a_person_is_still_the_same_person()
    {
        var before = await Open().ActingAsync(Tenant, "Ana", default);

        Assert.Equal(2, await Open().RotateAsync(Tenant, default));

        var after = await Open().ActingAsync(Tenant, "Ana", default);
        Assert.NotEqual(before.Pseudonym, after.Pseudonym);
        Assert.True(after.Is(before.Pseudonym));
        Assert.Equal("ANA", await Open().FindAsync(Tenant, before.Pseudonym, ["ben", "ANA"], default));
        Assert.Null(await Open().FindAsync(Other, before.Pseudonym, ["ben", "ANA"], default));
    }

    [Fact]
    public async Task AP_7_a_destroyed_key_joins_no_pseudonym_to_anyone_and_the_newest_stays()
    {
        var first = await Open().ActingAsync(Tenant, "Ana", default);
        var other = await Open().ActingAsync(Other, "Ana", default);
        await Open().RotateAsync(Tenant, default);
        await Open().RotateAsync(Tenant, default);
        var last = await Open().OfAsync(Tenant, "Ana", default);

        Assert.Equal(2, await Open().DestroyEarlierKeysAsync(Tenant, default));
        Assert.Equal(0, await Open().DestroyEarlierKeysAsync(Tenant, default));

        var now = await Open().OfAsync(Tenant, "Ana", default);
        Assert.Equal(last.Pseudonym, now.Pseudonym);
        Assert.Empty(now.Earlier);
        Assert.Null(await Open().FindAsync(Tenant, first.Pseudonym, ["Ana"], default));
        Assert.Equal(other.Pseudonym, (await Open().OfAsync(Other, "Ana", default)).Pseudonym);
        Assert.Equal(2, await Open().RotateAsync(Tenant, default));
        Assert.True((await Open().OfAsync(Tenant, "Ana", default)).Is(last.Pseudonym));
    }

    [Fact]
    public async Task A_forgotten_name_is_gone_under_every_key()
    {
        await Open().ActingAsync(Tenant, "Ana", default);
        await Open().RotateAsync(Tenant, default);
        await Open().ActingAsync(Tenant, "Ana", default);
        await Open().ActingAsync(Tenant, "Ben", default);

        await Open().ForgetAsync(Tenant, await Open().OfAsync(Tenant, "ana", default), default);
        await Open().ForgetAsync(Tenant, await Open().OfAsync(Tenant, "nobody", default), default);

        Assert.Equal("Ben", Assert.Single(await Open().NamesAsync(Tenant, default)).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Ana\nBen")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        await Assert.ThrowsAsync<ActRefusedException>(() => Open().ActingAsync(Tenant, name, default));
        Assert.Empty(await Open().NamesAsync(Tenant, default));
    }
}
