using System.Collections.Immutable;
using Governance.Core.Policy.Ledger;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every ledger store does alike. A store derives from it and says how it is opened.</summary>
public abstract class DecisionLedgerContract
{
    protected static readonly Guid Tenant = SampleScans.Tenant;
    protected static readonly Guid Other = Guid.Parse("0b0b0b0b-1111-4222-8333-444444444444");

    /// <summary>Opens a ledger on this test's own state; a second one is like a second process.</summary>
    protected abstract IDecisionLedger Open();

    /// <param name="betweenReads">Called whenever the ledger has read the head kept apart and not yet the entries.</param>
    protected abstract IDecisionLedger Open(Action betweenReads);

    public static LedgerDraft Draft(int number, string? part = null) => new(
        SampleScans.Start.AddMinutes(number), $"p-{number}", LedgerKinds.Acknowledged, $"f-{number}",
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("after", $"état {number}"), part);

    [Fact]
    public async Task An_unknown_tenant_has_an_empty_ledger() =>
        Assert.Equal(LedgerHead.Empty, Sound(await Open().ReadAsync(Tenant, default)).Head);

    [Fact]
    public async Task Entries_come_back_whole_from_another_store()
    {
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, "why \u202E not"), Draft(2)], default);

        var sound = Sound(await Open().ReadAsync(Tenant, default));
        Assert.Equal(head, sound.Head);
        Assert.Equal(["f-1", "f-2"], sound.Entries.Select(entry => entry.Entry.Subject));
        Assert.Equal(["why \u202E not", null], sound.Entries.Select(entry => entry.Part));
        Assert.Equal("état 1", sound.Entries[0].Entry.Fact("after"));
    }

    [Fact]
    public async Task Who_looked_before_someone_else_acted_is_refused()
    {
        await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1)], default);

        await Assert.ThrowsAsync<LedgerMovedException>(() => Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(2)], default));
        Assert.Single(Sound(await Open().ReadAsync(Tenant, default)).Entries);
    }

    [Fact]
    public async Task MT_1_tenants_have_chains_of_their_own()
    {
        await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1), Draft(2)], default);
        await Open().AppendAsync(Other, LedgerHead.Empty, [Draft(1)], default);

        Assert.Equal(2, Sound(await Open().ReadAsync(Tenant, default)).Head.Count);
        Assert.Equal(Other, Assert.Single(Sound(await Open().ReadAsync(Other, default)).Entries).Entry.TenantId);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Open().AppendAsync(Guid.Empty, LedgerHead.Empty, [Draft(1)], default));
    }

    [Fact]
    public async Task Parts_taken_away_are_gone_and_the_chain_still_holds()
    {
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1, "about Ana"), Draft(2, "about Ben")], default);
        var facts = Draft(1).Facts.Clear().Add("parts", "1");

        await Open().TakePartsAsync(Tenant, head, [1], new LedgerDraft(SampleScans.Start, "p-9", LedgerKinds.Erased, "p-1", facts, null), default);

        var sound = Sound(await Open().ReadAsync(Tenant, default));
        Assert.Equal([null, "about Ben", null], sound.Entries.Select(entry => entry.Part));
        Assert.Equal(1, sound.PartsTaken);
    }

    [Fact]
    public async Task CC_6_of_fifty_writers_at_once_every_one_gets_in_and_none_twice()
    {
        await Task.WhenAll(Enumerable.Range(1, 50).Select(number => Task.Run(() => AppendAsync(number))));

        var sound = Sound(await Open().ReadAsync(Tenant, default));
        Assert.Equal(50, sound.Head.Count);
        Assert.Equal(50, sound.Entries.Select(entry => entry.Entry.Subject).Distinct().Count());
    }

    [Fact]
    public async Task CC_6_a_reader_whom_the_first_act_of_the_tenant_overtakes_sees_a_sound_ledger()
    {
        var overtaken = Open(Once(() => Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1), Draft(2)], default)));

        var ledger = await overtaken.ReadAsync(Tenant, default);

        Assert.Equal(2, Sound(ledger).Head.Count);
    }

    [Fact]
    public async Task CC_6_a_reader_whom_a_later_act_overtakes_sees_a_sound_ledger()
    {
        var head = await Open().AppendAsync(Tenant, LedgerHead.Empty, [Draft(1)], default);
        var overtaken = Open(Once(() => Open().AppendAsync(Tenant, head, [Draft(2)], default)));

        var ledger = await overtaken.ReadAsync(Tenant, default);

        Assert.Equal(2, Sound(ledger).Head.Count);
    }

    [Fact]
    public async Task CC_6_readers_at_the_time_of_the_first_act_of_a_tenant_see_nothing_or_a_sound_ledger()
    {
        for (var tenant = 1; tenant <= 20; tenant++)
        {
            var id = new Guid(tenant, 0, 0, [0x80, 0, 0, 0, 0, 0, 0, 9]);
            using var acted = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 3).Select(_ => Open()).Select(reader => Task.Run(async () =>
            {
                do
                {
                    Sound(await reader.ReadAsync(id, default));
                }
                while (!acted.IsCancellationRequested);
            })).ToArray();

            await Open().AppendAsync(id, LedgerHead.Empty, [Draft(tenant)], default);

            await acted.CancelAsync();
            await Task.WhenAll(readers);
            Assert.Single(Sound(await Open().ReadAsync(id, default)).Entries);
        }
    }

    /// <returns>Acts when called first, and then no more.</returns>
    protected static Action Once(Func<Task> act)
    {
        var done = 0;
        return () =>
        {
            if (Interlocked.Exchange(ref done, 1) == 0)
            {
                act().GetAwaiter().GetResult();
            }
        };
    }

    protected static LedgerVerdict.Sound Sound(StoredLedger ledger)
    {
        var verdict = LedgerVerification.Of(ledger);
        Assert.True(verdict is LedgerVerdict.Sound, verdict.ToString());
        return (LedgerVerdict.Sound)verdict;
    }

    private async Task AppendAsync(int number)
    {
        var ledger = Open();
        while (true)
        {
            var head = (await ledger.ReadAsync(Tenant, default)).Head ?? LedgerHead.Empty;
            try
            {
                await ledger.AppendAsync(Tenant, head, [Draft(number)], default);
                return;
            }
            catch (LedgerMovedException)
            {
                // Another writer was first.
            }
        }
    }
}
