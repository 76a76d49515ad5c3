using Governance.Core.Consents;
using Governance.Core.Scans.Records;
using Governance.State.Contract;

namespace Governance.Core.Tests.Scans.Records;

public sealed class InventoryChunksTests
{
    private static readonly Guid Tenant = SampleScans.Tenant;
    private static readonly DateTimeOffset ReadAt = SampleScans.Start;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 0, 0, 0 }, { 2, 1, 0, 1 }, { 3, 1, 1, 1 }, { 4, 12, 40, 120 }, { 5, 600, 5_000, 9_000 }, { 6, 1_200, 300, 20_000 }, { 7, 30, 9_000, 2_049 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void An_inventory_reads_back_equal(int seed, int apps, int users, int grants)
    {
        var inventory = Sample(seed, apps, users, grants);

        var (manifest, chunks) = Kept(inventory);
        var read = Joined(InventoryManifest.From(manifest.ToBytes(), "manifest"), chunks);

        Assert.Equal(Plain.Of(inventory), Plain.Of(read));
        Assert.Equal(inventory.Grants.Count, manifest.Entries.Where(entry => entry.Kind == ChunkKind.Grants).Sum(entry => entry.Rows));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void The_order_in_which_pages_came_does_not_show(int seed)
    {
        var inventory = Sample(seed, 700, 3_000, 9_000);
        var random = new Random(seed);
        var shuffled = inventory with
        {
            ServicePrincipals = [.. Shuffled(inventory.ServicePrincipals, random)],
            Grants = SampleInventories.Rebuilt(inventory.Grants, random),
            Assignments = new AppRoleAssignments(Shuffled(inventory.Assignments.All.ToArray(), random)),
            Users = Users.From(Shuffled(Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row]), random)),
            ConsentEvents = [.. Shuffled(inventory.ConsentEvents, random)],
            ConsentRequests = [.. Shuffled(inventory.ConsentRequests, random)],
            SignIns = [.. Shuffled(inventory.SignIns, random)],
        };

        var (one, oneChunks) = Kept(inventory);
        var (other, otherChunks) = Kept(shuffled);

        Assert.Equal(one.ToBytes(), other.ToBytes());
        Assert.All(oneChunks, chunk => Assert.Equal(chunk.Value, otherChunks[chunk.Key]));
    }

    [Fact]
    public void The_bytes_of_a_chunk_do_not_change_from_build_to_build()
    {
        var (manifest, _) = Kept(Sample(4, 12, 40, 120));

        var ids = manifest.Entries.Select(entry => $"{entry.Kind} {entry.Rows} {entry.Chunks.Single().ToString()[..16]}");

        Assert.Equal(PinnedIds, ids);
    }

    [Fact]
    public void One_new_grant_touches_one_chunk()
    {
        var inventory = Sample(21, 300, 8_000, 40_000);
        var (before, kept) = Kept(inventory);
        var changed = inventory with { Grants = SampleInventories.Rebuilt(inventory.Grants, new Random(1), without: 17_000) };

        var fresh = InventoryChunks.Split(changed, before).Where(chunk => !kept.ContainsKey(chunk.Id)).ToArray();

        Assert.Equal([ChunkKind.Grants], fresh.Select(chunk => chunk.Kind));
        Assert.True(before.Of(ChunkKind.Grants).Length >= 16);
    }

    [Fact]
    public void One_renamed_app_and_one_moved_user_touch_one_chunk_each()
    {
        var inventory = Sample(22, 3_000, 8_000, 4_000);
        var (before, kept) = Kept(inventory);
        var renamed = inventory.ServicePrincipals[1_234] with { DisplayName = "Renamed" };
        var moved = inventory.Users[4_321] with { Department = "Legal" };
        var changed = inventory with
        {
            ServicePrincipals = inventory.ServicePrincipals.SetItem(1_234, renamed),
            Users = Users.From(Enumerable.Range(0, inventory.Users.Count).Select(row => row == 4_321 ? moved : inventory.Users[row])),
        };

        var fresh = InventoryChunks.Split(changed, before).Where(chunk => !kept.ContainsKey(chunk.Id)).Select(chunk => chunk.Kind);

        Assert.Equal([ChunkKind.ServicePrincipals, ChunkKind.Users], fresh);
    }

    [Fact]
    public void Growth_past_a_power_of_two_keeps_the_layout_until_it_has_doubled()
    {
        var full = Sample(23, 40, 6_000, 9_000).Grants;
        var fewer = SampleInventories.Rebuilt(full, new Random(1), [.. Enumerable.Range(0, full.Count - 2_040)]);
        var (before, kept) = Kept(WithGrants(fewer));

        var grown = Kept(WithGrants(SampleInventories.Rebuilt(full, new Random(1), [.. Enumerable.Range(0, full.Count - 2_060)])), before).Manifest;
        var doubled = Kept(WithGrants(SampleInventories.Rebuilt(full, new Random(1), [.. Enumerable.Range(0, full.Count - 4_200)])), before).Manifest;

        Assert.Single(before.Of(ChunkKind.Grants));
        Assert.Single(grown.Of(ChunkKind.Grants));
        Assert.Equal(4, doubled.Of(ChunkKind.Grants).Length);
        Assert.NotEmpty(kept);
    }

    [Fact]
    public void Every_single_byte_of_damage_is_noticed()
    {
        var (manifest, chunks) = Kept(Sample(31, 2, 3, 6));
        var bytes = manifest.ToBytes();

        foreach (var (id, kept) in chunks)
        {
            ForEachDamage(kept, damaged =>
            {
                var fault = Assert.Throws<RecordDamagedException>(() => Joined(manifest, With(chunks, id, damaged)));
                Assert.Contains(id.ToString(), fault.Message, StringComparison.Ordinal);
            });
        }

        ForEachDamage(bytes, damaged => Assert.Throws<RecordDamagedException>(() => InventoryManifest.From(damaged, "manifest")));
    }

    [Fact]
    public void A_chunk_put_in_the_place_of_another_is_noticed()
    {
        var (manifest, chunks) = Kept(Sample(32, 2, 3, 6));
        var ids = chunks.Keys.ToArray();

        Assert.Throws<RecordDamagedException>(() => Joined(manifest, With(chunks, ids[0], chunks[ids[1]])));
    }

    [Fact]
    public void A_missing_chunk_is_named()
    {
        var (manifest, chunks) = Kept(Sample(33, 2, 3, 6));
        var missing = manifest.Chunks.First();
        var join = new InventoryJoin(manifest);
        foreach (var (id, kept) in chunks.Where(chunk => chunk.Key != missing))
        {
            join.Add(id, kept);
        }

        var fault = Assert.Throws<RecordDamagedException>(join.Build);

        Assert.Contains(missing.ToString(), fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => join.Add(default, []));
    }

    [Fact]
    public void A_million_grants_take_few_bytes_and_few_chunks_change_overnight()
    {
        var inventory = WithGrants(Million(without: 0));
        var largest = 0;
        long size = 0;
        var kept = new HashSet<ChunkId>();
        var chunks = new List<(ChunkKind, int, ChunkId)>();
        foreach (var chunk in InventoryChunks.Split(inventory, previous: null))
        {
            var bytes = chunk.Compressed().Length;
            size += bytes;
            largest = Math.Max(largest, bytes);
            kept.Add(chunk.Id);
            chunks.Add((chunk.Kind, chunk.Rows, chunk.Id));
        }

        var manifest = InventoryManifest.Of(inventory, chunks);
        var rebuilt = WithGrants(Million(without: 3));
        var fresh = InventoryChunks.Split(rebuilt, manifest).Count(chunk => !kept.Contains(chunk.Id));

        Assert.InRange(size / (double)inventory.Grants.Count, 1, 20);
        Assert.InRange(largest, 1, 60_000);
        Assert.InRange(kept.Count, 256, 1_024);
        Assert.InRange(manifest.ToBytes().Length, 1, 64_000);
        Assert.InRange(fresh, 1, 3);
    }

    [Fact]
    public void Splitting_holds_one_chunk_at_a_time()
    {
        var inventory = Sample(42, 100, 20_000, 200_000);
        var made = new List<WeakReference>();

        foreach (var chunk in InventoryChunks.Split(inventory, previous: null))
        {
            made.Add(new WeakReference(chunk));
            if (made.Count % 16 == 0)
            {
                // The last of each kind is let go with the whole; nothing else but the one in hand.
                GC.Collect();
                Assert.InRange(made.Count(other => other.IsAlive), 1, Enum.GetValues<ChunkKind>().Length + 1);
            }
        }

        Assert.True(made.Count > 100, $"{made.Count} chunks");
    }

    /// <summary>What the format of today gives. A change here makes every store write its next inventory anew: raise the format with it.</summary>
    private static readonly string[] PinnedIds =
    [
        "ServicePrincipals 12 5400c5b8b8415261", "Grants 116 c1b30137e61363e3", "Assignments 12 79099159ab3b95f0", "Users 40 007fd7bafb5100cb",
        "ConsentEvents 12 8667bdff01567cbb", "ConsentRequests 2 a30dcf995374ce4a", "SignIns 4 7c0f567dc6a16216", "TrainedUsers 10 3bec57758f846aeb",
        "AgentIdentities 3 05a7b211f47a097f",
    ];

    /// <summary>A few apps hold most grants, as in real tenants; each user has about five.</summary>
    private static DelegatedPermissionGrants Million(int without)
    {
        var random = new Random(41);
        var users = Enumerable.Range(0, 200_000).Select(_ => SampleInventories.Next(random)).ToArray();
        var apps = Enumerable.Range(0, 5_000).Select(_ => SampleInventories.Next(random)).ToArray();
        var builder = new DelegatedPermissionGrantsBuilder();
        for (var n = 0; n < 1_000_000; n++)
        {
            var app = apps[(int)(apps.Length * Math.Pow(random.NextDouble(), 3))];
            var user = users[random.Next(users.Length)];
            if (n >= without)
            {
                builder.Add(app, apps[0], user, "openid profile User.Read"u8, []);
            }
        }

        return builder.Build();
    }

    private static Inventory Sample(int seed, int apps, int users, int grants) =>
        SampleInventories.Of(Tenant, seed, ReadAt, apps, users, apps == 0 ? 0 : grants);

    private static Inventory WithGrants(DelegatedPermissionGrants grants) => new()
    {
        Organization = new Organization(Tenant, "Org", null), ReadAt = ReadAt, Parts = [], Grants = grants,
    };

    private static (InventoryManifest Manifest, Dictionary<ChunkId, byte[]> Chunks) Kept(Inventory inventory, InventoryManifest? previous = null)
    {
        var chunks = InventoryChunks.Split(inventory, previous).ToArray();
        var kept = new Dictionary<ChunkId, byte[]>();
        foreach (var chunk in chunks)
        {
            kept[chunk.Id] = chunk.Compressed();
        }

        return (InventoryManifest.Of(inventory, chunks.Select(chunk => (chunk.Kind, chunk.Rows, chunk.Id))), kept);
    }

    private static Inventory Joined(InventoryManifest manifest, IReadOnlyDictionary<ChunkId, byte[]> chunks)
    {
        var join = new InventoryJoin(manifest);
        foreach (var (id, kept) in chunks)
        {
            join.Add(id, kept);
        }

        return join.Build();
    }

    private static Dictionary<ChunkId, byte[]> With(Dictionary<ChunkId, byte[]> chunks, ChunkId id, byte[] kept) => new(chunks) { [id] = kept };

    private static void ForEachDamage(byte[] sound, Action<byte[]> check)
    {
        for (var at = 0; at < sound.Length; at++)
        {
            foreach (var flip in new byte[] { 1, 0x80, 0xFF })
            {
                var damaged = sound.ToArray();
                damaged[at] ^= flip;
                check(damaged);
            }
        }

        for (var length = 0; length < sound.Length; length++)
        {
            check(sound[..length]);
        }

        check([.. sound, 0]);
    }

    private static T[] Shuffled<T>(IEnumerable<T> rows, Random random)
    {
        var shuffled = rows.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}
