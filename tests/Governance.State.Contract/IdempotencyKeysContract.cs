using Governance.Core.Scans;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every memory of idempotency keys must do: one effect a key, one answer, one caller apart from another.</summary>
public abstract class IdempotencyKeysContract
{
    private static readonly IdempotencyKey Key = new(SampleScans.Tenant, "caller", "key-1");
    private static readonly byte[] Digest = [1, 2, 3];

    protected abstract IIdempotencyKeys Open();

    protected abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task Of_many_that_claim_a_key_at_once_one_may_go_on()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Open().ClaimAsync(Key, Digest, default))));

        Assert.Single(claims.OfType<KeyClaim.Fresh>());
        Assert.Equal(9, claims.OfType<KeyClaim.InProgress>().Count());
    }

    [Fact]
    public async Task A_repeat_gets_the_answer_that_was_given()
    {
        var keys = Open();
        await keys.ClaimAsync(Key, Digest, default);
        await keys.KeepAsync(Key, new KeptAnswer(202, "/api/scans/1", [9, 8]), default);

        var again = Assert.IsType<KeyClaim.Answered>(await Open().ClaimAsync(Key, Digest, default));

        Assert.Equal((202, "/api/scans/1"), (again.Answer.Status, again.Answer.Location));
        Assert.Equal([9, 8], again.Answer.Body);
        Assert.IsType<KeyClaim.OtherRequest>(await keys.ClaimAsync(Key, [1, 2, 4], default));
    }

    [Fact]
    public async Task The_key_of_another_caller_or_tenant_is_another_key()
    {
        var keys = Open();
        await keys.ClaimAsync(Key, Digest, default);

        Assert.IsType<KeyClaim.Fresh>(await keys.ClaimAsync(Key with { Caller = "other" }, [5], default));
        Assert.IsType<KeyClaim.Fresh>(await keys.ClaimAsync(Key with { TenantId = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444") }, [6], default));
        var other = Assert.IsType<KeyClaim.Fresh>(await keys.ClaimAsync(Key with { Key = "KEY-1" }, [7], default));
        Assert.Matches("^[0-9a-f]{32}$", other.Mark);
    }

    [Fact]
    public async Task A_key_that_was_given_back_is_free_and_an_answered_one_is_not()
    {
        var keys = Open();
        await keys.ClaimAsync(Key, Digest, default);
        await keys.ReleaseAsync(Key, default);

        Assert.IsType<KeyClaim.Fresh>(await keys.ClaimAsync(Key, [4], default));
        await keys.KeepAsync(Key, new KeptAnswer(200, null, []), default);
        await keys.ReleaseAsync(Key, default);
        Assert.IsType<KeyClaim.Answered>(await keys.ClaimAsync(Key, [4], default));
    }

    [Fact]
    public async Task A_claim_that_failed_is_free_at_once_for_the_same_request_under_the_same_mark()
    {
        var keys = Open();
        var first = Assert.IsType<KeyClaim.Fresh>(await keys.ClaimAsync(Key, Digest, default));
        await keys.AbandonAsync(Key, default);

        Assert.IsType<KeyClaim.OtherRequest>(await keys.ClaimAsync(Key, [1, 2, 4], default));
        Assert.Equal(first.Mark, Assert.IsType<KeyClaim.Fresh>(await Open().ClaimAsync(Key, Digest, default)).Mark);
        Assert.IsType<KeyClaim.InProgress>(await keys.ClaimAsync(Key, Digest, default));
        await keys.KeepAsync(Key, new KeptAnswer(200, null, []), default);
        await keys.AbandonAsync(Key, default);
        Assert.IsType<KeyClaim.Answered>(await keys.ClaimAsync(Key, Digest, default));
        await keys.AbandonAsync(Key with { Key = "never claimed" }, default);
    }

    [Fact]
    public async Task The_claim_of_a_caller_that_died_ends_and_an_answer_lasts_a_day()
    {
        var keys = Open();
        var first = Assert.IsType<KeyClaim.Fresh>(await keys.ClaimAsync(Key, Digest, default));
        await PassAsync(TimeSpan.FromMinutes(10));

        // Another request is not what the dead one may have done.
        Assert.IsType<KeyClaim.OtherRequest>(await keys.ClaimAsync(Key, [1, 2, 4], default));
        var taken = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Open().ClaimAsync(Key, Digest, default))));
        Assert.Equal(first.Mark, Assert.Single(taken.OfType<KeyClaim.Fresh>()).Mark);
        Assert.Equal(4, taken.OfType<KeyClaim.InProgress>().Count());
        await keys.KeepAsync(Key, new KeptAnswer(200, null, []), default);

        await PassAsync(TimeSpan.FromHours(24));

        Assert.IsType<KeyClaim.Answered>(await keys.ClaimAsync(Key, Digest, default));
    }
}
