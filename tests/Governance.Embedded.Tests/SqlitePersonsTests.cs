using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;

namespace Governance.Embedded.Tests;

public sealed class SqlitePersonsTests : IAsyncLifetime
{
    private static readonly Guid Tenant = Guid.Parse("0a0a0a0a-1111-4222-8333-444444444444");
    private static readonly Guid Other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");
    private readonly TemporaryStore _store = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _store.RemoveAsync();

    private SqlitePersons Open()
    {
        var (database, options) = _store.OpenDatabase();
        return new SqlitePersons(database, options);
    }

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
    public async Task After_a_new_key_a_person_is_still_the_same_person()
    {
        var before = await Open().ActingAsync(Tenant, "Ana", default);

        Assert.Equal(2, await Open().RotateAsync(Tenant, default));

        var after = await Open().ActingAsync(Tenant, "Ana", default);
        Assert.NotEqual(before.Pseudonym, after.Pseudonym);
        Assert.True(after.Is(before.Pseudonym));
        Assert.Equal("ANA", await Open().FindAsync(Tenant, before.Pseudonym, ["ben", "ANA"], default));
    }

    [Fact]
    public async Task A_forgotten_name_is_gone_under_every_key()
    {
        await Open().ActingAsync(Tenant, "Ana", default);
        await Open().RotateAsync(Tenant, default);
        await Open().ActingAsync(Tenant, "Ana", default);

        await Open().ForgetAsync(Tenant, await Open().OfAsync(Tenant, "ana", default), default);

        Assert.Empty(await Open().NamesAsync(Tenant, default));
    }

    [Fact]
    public async Task Keys_are_for_the_user_alone_and_a_damaged_file_is_named()
    {
        await Open().OfAsync(Tenant, "Ana", default);
        var path = Path.Combine(_store.Folder, "pseudonym-keys", Tenant.ToString());

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        await File.WriteAllTextAsync(path, "abc\n");
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().OfAsync(Tenant, "Ana", default));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Ana\nBen")]
    public async Task A_name_that_is_none_is_refused(string name) =>
        await Assert.ThrowsAsync<ActRefusedException>(() => Open().ActingAsync(Tenant, name, default));
}
