using Governance.Core.Consents;

namespace Governance.Core.Tests.Consents;

public sealed class DelegatedPermissionGrantsBuilderTests
{
    [Fact]
    public void The_order_of_rows_leaves_no_trace()
    {
        var rows = Enumerable.Range(0, 400).Select(i => Row(i % 7, i % 5, i % 11 == 0 ? null : i % 23, i % 3 == 0 ? "Mail.Read" : $"mail.read S{i % 4}", i % 13 == 0 ? $"odd-{i % 9}" : null)).ToArray();

        var straight = Build(rows);
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var shuffled = rows.ToArray();
            new Random(seed).Shuffle(shuffled);

            Assert.Equal(straight.All(), Build(shuffled).All());
        }
    }

    [Fact]
    public void Doubles_become_one_with_the_scopes_of_both()
    {
        var grants = Build(Row(1, 1, 1, "Mail.Read openid"), Row(1, 1, 1, " Files.Read  mail.read"));

        Assert.Equal("Files.Read Mail.Read openid", Assert.Single(grants.All()).Scope);
    }

    [Fact]
    public void Scope_text_stays_as_received_when_there_is_nothing_to_join()
    {
        var grants = Build(Row(1, 1, 1, "  User.Read  Mail.Read User.Read "), Row(1, 1, 1, "  User.Read  Mail.Read User.Read "));

        Assert.Equal("  User.Read  Mail.Read User.Read ", Assert.Single(grants.All()).Scope);
    }

    [Fact]
    public void A_tenant_wide_grant_and_a_users_grant_stay_apart()
    {
        var grants = Build(Row(1, 1, 4, "a"), Row(1, 1, null, "b"));

        Assert.Equal([true, false], grants.All().Select(grant => grant.TenantWide));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("grant-1")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void An_id_is_derived_or_kept_as_received(string? id)
    {
        var row = Row(1, 2, null, "a", id);

        Assert.Equal(row.Id, Assert.Single(Build(row).All()).Id);
    }

    [Fact]
    public void An_id_that_only_decodes_to_the_derived_one_is_kept_as_received()
    {
        var id = GrantId.Of(Id(1), Id(2), null);
        var twin = id[..^1] + (char)(id[^1] + 1);

        Assert.Equal(twin, Assert.Single(Build(Row(1, 2, null, "a", twin)).All()).Id);
    }

    [Fact]
    public void Distinct_ids_count_a_row_read_twice_once_and_two_ids_of_one_identity_twice()
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        foreach (var row in new[] { Row(1, 1, 1, "a"), Row(1, 1, 1, "a"), Row(1, 1, 2, "a", "x"), Row(1, 1, 2, "b", "y"), Row(1, 1, 2, "b", "y") })
        {
            builder.Add(row);
        }

        var grants = builder.Build();

        Assert.Equal((2, 3, 5), (grants.Count, builder.DistinctIds, builder.Added));
        Assert.Equal("x", grants.All().Last().Id);
    }

    [Fact]
    public void Rows_are_found_by_client_and_by_number()
    {
        var grants = Build(Row(3, 1, 1, "a"), Row(1, 1, 2, "b"), Row(3, 1, 2, "c"), Row(2, 1, null, "d"));

        Assert.Equal(["b", "d", "a", "c"], Enumerable.Range(0, grants.Count).Select(row => grants[row].Scope).ToArray());
        Assert.Equal(2..4, grants.RowsOf(Id(3)));
        Assert.Equal(0..0, grants.RowsOf(Id(9)));
        Assert.Equal(grants.All(), Enumerable.Range(0, grants.Count).Select(row => grants[row]));
    }

    [Fact]
    public void No_grants_are_no_grants()
    {
        var grants = Build();

        Assert.Equal(0, grants.Count);
        Assert.Empty(grants.All());
        Assert.Empty(DelegatedPermissionGrants.Empty.All());
    }

    private static DelegatedPermissionGrants Build(params DelegatedPermissionGrant[] rows)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        foreach (var row in rows)
        {
            builder.Add(row);
        }

        return builder.Build();
    }

    private static DelegatedPermissionGrant Row(int client, int resource, int? user, string scope, string? id = null)
    {
        Guid? principal = user is { } number ? Id(number + 1000) : null;
        return new DelegatedPermissionGrant(id ?? GrantId.Of(Id(client), Id(resource), principal), Id(client), Id(resource), principal, scope);
    }

    private static Guid Id(int number) => new(number, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8);
}
