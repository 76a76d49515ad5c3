using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Scans;
using Governance.State.Contract;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableIdempotencyKeysTests(Azurite azurite) : IdempotencyKeysContract
{
    private static readonly IdempotencyKey Key = new(Guid.Parse("0a0a0a0a-1111-4222-8333-444444444444"), "caller/1", "key #1?");
    private readonly TableClient _table = azurite.NewTable();
    private readonly HandSetTime _time = new();

    [Fact]
    public async Task A_repeat_gets_the_kept_answer_and_another_request_under_the_key_gets_none()
    {
        await Open().ClaimAsync(Key, [1], default);
        await Open().KeepAsync(Key, new KeptAnswer(202, "/api/scans/1", new byte[100_000]), default);

        var repeat = Assert.IsType<KeyClaim.Answered>(await Open().ClaimAsync(Key, [1], default));

        Assert.Equal((202, "/api/scans/1", 100_000), (repeat.Answer.Status, repeat.Answer.Location, repeat.Answer.Body.Length));
        Assert.IsType<KeyClaim.OtherRequest>(await Open().ClaimAsync(Key, [2], default));
        Assert.IsType<KeyClaim.Fresh>(await Open().ClaimAsync(Key with { Caller = "caller/2" }, [2], default));
        Assert.IsType<KeyClaim.Fresh>(await Open().ClaimAsync(Key with { TenantId = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444") }, [2], default));
    }

    [Fact]
    public async Task A_key_that_was_given_back_or_whose_holder_died_is_free_again()
    {
        await Open().ClaimAsync(Key, [1], default);
        await Open().ReleaseAsync(Key, default);
        var given = await Open().ClaimAsync(Key, [2], default);
        _time.Now += TimeSpan.FromMinutes(3);

        var died = await Open().ClaimAsync(Key, [2], default);

        Assert.IsType<KeyClaim.Fresh>(given);
        Assert.IsType<KeyClaim.Fresh>(died);
    }

    [Fact]
    public async Task An_answer_stays_for_a_day_and_goes_in_the_end()
    {
        await Open().ClaimAsync(Key, [1], default);
        await Open().KeepAsync(Key, new KeptAnswer(200, null, [7]), default);
        await Open().ReleaseAsync(Key, default);
        _time.Now += TimeSpan.FromDays(1);
        await Keys().RemoveOldAsync(Key.TenantId, default);
        var nextDay = await Open().ClaimAsync(Key, [1], default);
        _time.Now += TimeSpan.FromDays(2);

        await Keys().RemoveOldAsync(Key.TenantId, default);

        Assert.IsType<KeyClaim.Answered>(nextDay);
        Assert.Empty(_table.Query<TableEntity>());
    }

    protected override IIdempotencyKeys Open() => Keys();

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Now += time;
        return Task.CompletedTask;
    }

    private TableIdempotencyKeys Keys() => new(_table, _time);

    private sealed class HandSetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
