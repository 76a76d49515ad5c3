using Governance.Core.Consents;
using Governance.Core.Scans;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every keeper of unfinished readings does.</summary>
public abstract class ScanCheckpointsContract
{
    private const string Reading = "https://graph.example/v1.0 <tenant> #1?\\list";
    private static readonly Guid Tenant = SampleScans.Tenant;
    private static readonly Guid Other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");

    /// <summary>Opens a store on this test's own state, which is empty at first; a second one is like a second process.</summary>
    protected abstract (IScanCheckpoints Checkpoints, IScanStore Scans) Open();

    [Fact]
    public async Task An_unknown_reading_has_no_checkpoints()
    {
        Assert.Empty(await Open().Checkpoints.FindAsync(Reading, default));
        await Open().Checkpoints.ForgetAsync(Reading, default);
    }

    [Fact]
    public async Task Checkpoints_come_back_whole_by_part_and_sequence_from_another_store()
    {
        var kept = new[] { At(InventoryPart.Users, 0, [1]), At(InventoryPart.AppRoleAssignments, 10, []), At(InventoryPart.AppRoleAssignments, 9, Noise(300_000)) };
        foreach (var checkpoint in kept)
        {
            Assert.True(await Open().Checkpoints.KeepAsync(checkpoint, default));
        }

        var found = await Open().Checkpoints.FindAsync(Reading, default);

        var expected = kept.OrderBy(checkpoint => checkpoint.Part).ThenBy(checkpoint => checkpoint.Sequence).ToArray();
        Assert.Equal(expected.Select(checkpoint => checkpoint with { Body = [] }), found.Select(checkpoint => checkpoint with { Body = [] }), Same);
        Assert.Equal(expected.Select(checkpoint => checkpoint.Body), found.Select(checkpoint => checkpoint.Body));
        Assert.All(found, checkpoint => Assert.Equal(TimeSpan.Zero, checkpoint.StartedAt.Offset));
    }

    [Fact]
    public async Task A_body_larger_than_a_transaction_of_any_store_comes_back_whole()
    {
        var body = Noise(6_000_000);

        Assert.True(await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, body), default));

        Assert.Equal(body, Assert.Single(await Open().Checkpoints.FindAsync(Reading, default)).Body);
    }

    [Fact]
    public async Task A_place_that_is_taken_stays_as_it_is()
    {
        Assert.True(await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 3, [1]), default));

        Assert.False(await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 3, [2]), default));

        Assert.Equal([1], Assert.Single(await Open().Checkpoints.FindAsync(Reading, default)).Body);
    }

    [Fact]
    public async Task Of_twenty_at_once_one_gets_the_place()
    {
        var stores = Enumerable.Range(1, 20).Select(number => (Number: (byte)number, Open().Checkpoints)).ToArray();

        var kept = await Task.WhenAll(stores.Select(store => Task.Run(() => store.Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [store.Number]), default))));

        var winner = Assert.Single(Enumerable.Range(0, 20), n => kept[n]);
        Assert.Equal([stores[winner].Number], Assert.Single(await Open().Checkpoints.FindAsync(Reading, default)).Body);
    }

    [Fact]
    public async Task Only_the_newest_reading_of_a_name_is_found()
    {
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [1]), default);
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 1, [2]), default);
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [3]) with { StartedAt = SampleScans.Start.AddHours(1) }, default);
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [4]) with { Reading = "other", StartedAt = SampleScans.Start.AddHours(2) }, default);

        Assert.Equal([3], Assert.Single(await Open().Checkpoints.FindAsync(Reading, default)).Body);
    }

    [Fact]
    public async Task What_is_forgotten_is_gone_and_other_readings_stay()
    {
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, Noise(100_000)), default);
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [9]) with { Reading = Reading + ".2" }, default);

        await Open().Checkpoints.ForgetAsync(Reading, default);

        Assert.Empty(await Open().Checkpoints.FindAsync(Reading, default));
        Assert.Single(await Open().Checkpoints.FindAsync(Reading + ".2", default));
        Assert.True(await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [5]), default));
    }

    [Fact]
    public async Task The_commit_of_a_scan_ends_the_checkpoints_of_its_tenant_and_of_no_other()
    {
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [1]), default);
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [2]) with { Reading = "other", TenantId = Other }, default);

        await Open().Scans.CommitAsync(SampleScans.First(Tenant), default);

        Assert.Empty(await Open().Checkpoints.FindAsync(Reading, default));
        Assert.Equal(Other, Assert.Single(await Open().Checkpoints.FindAsync("other", default)).TenantId);
    }

    [Fact]
    public async Task A_reading_after_a_scan_keeps_checkpoints_again_at_the_same_places()
    {
        var first = SampleScans.First(Tenant);
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [1]), default);
        await Open().Scans.CommitAsync(first, default);

        Assert.True(await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [2]), default));

        Assert.Equal([2], Assert.Single(await Open().Checkpoints.FindAsync(Reading, default)).Body);
        await Open().Scans.CommitAsync(SampleScans.Unchanged(first), default);
        Assert.Empty(await Open().Checkpoints.FindAsync(Reading, default));
    }

    [Fact]
    public async Task A_checkpoint_is_no_scan()
    {
        await Open().Checkpoints.KeepAsync(At(InventoryPart.Users, 0, [1]), default);

        Assert.Empty(await Open().Scans.TenantsAsync(default));
        Assert.Null(await Open().Scans.StateAsync(Tenant, default));
        Assert.Empty(await Open().Scans.ScansAsync(Tenant, 10, default));
    }

    private static ScanCheckpoint At(InventoryPart part, int sequence, byte[] body) => new(Reading, Tenant, SampleScans.Start.AddTicks(7), part, sequence, body);

    private static bool Same(ScanCheckpoint one, ScanCheckpoint other) =>
        (one.Reading, one.TenantId, one.StartedAt, one.Part, one.Sequence) == (other.Reading, other.TenantId, other.StartedAt, other.Part, other.Sequence);

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
