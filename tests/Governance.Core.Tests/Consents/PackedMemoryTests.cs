using System.Buffers.Text;
using System.Text;
using Governance.Core.Consents;

namespace Governance.Core.Tests.Consents;

/// <summary>Live memory of the packed tables; alone in the process while it counts.</summary>
[CollectionDefinition(nameof(PackedMemoryTests), DisableParallelization = true)]
[Collection(nameof(PackedMemoryTests))]
public sealed class PackedMemoryTests
{
    [Fact]
    public void A_million_grants_live_in_less_than_64_bytes_each()
    {
        const int Grants = 1_000_000;
        string[] scopes = [.. Enumerable.Range(0, 500).Select(i => $"User.Read Scope.{i} offline_access openid profile")];
        var users = Enumerable.Range(0, 200_000).Select(i => Id(i + 1_000_000)).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var grants = Fill(users, scopes, Grants);

        var live = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(Grants, grants.Count);
        Assert.InRange(live / (double)Grants, 0, 64);
        GC.KeepAlive(users);
    }

    private static DelegatedPermissionGrants Fill(Guid[] users, string[] scopes, int count)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        var texts = scopes.Select(Encoding.UTF8.GetBytes).ToArray();
        for (var i = 0; i < count; i++)
        {
            builder.Add(Id(i / 50), Id(i % 3), users[(int)((uint)i * 2_654_435_761u % (uint)users.Length)], texts[i % texts.Length], []);
        }

        return builder.Build();
    }

    [Fact]
    public void Two_hundred_thousand_rows_live_in_less_than_twelve_megabytes()
    {
        const int Rows = 200_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var read = Fill(Rows);

        var live = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(Rows, read.Count);
        Assert.InRange(live, 0, 12_000_000);
    }

    private static AppRoleAssignments Fill(int rows)
    {
        var builder = new AppRoleAssignmentsBuilder();
        Span<byte> id = stackalloc byte[43];
        Span<byte> bytes = stackalloc byte[32];
        for (var i = 0; i < rows; i++)
        {
            var principal = Id(i / 2);
            principal.TryWriteBytes(bytes);
            Id(i).TryWriteBytes(bytes[16..]);
            Base64Url.EncodeToUtf8(bytes, id);
            builder.Add(id, Id(i % 300), principal, AssigneeKind.ServicePrincipal, Id(i % 40), DateTimeOffset.UnixEpoch.AddSeconds(i));
        }

        return builder.Build();
    }

    private static Guid Id(int number) => new(number, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8);
}
