using System.Text;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Tests.Policy.Ledger;

public sealed class LedgerVerificationTests
{
    private static StoredLedger Five() =>
        Some.Ledger(Some.Draft(1), Some.Draft(2, "reviewed with Ana"), Some.Draft(3), Some.Draft(4, "so be it"), Some.Draft(5));

    private static LedgerVerdict.Broken Broken(StoredLedger ledger, LedgerHead? noted = null) =>
        Assert.IsType<LedgerVerdict.Broken>(LedgerVerification.Of(ledger, noted));

    [Fact]
    public void A_ledger_as_written_is_sound()
    {
        var sound = Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(Five()));

        Assert.Equal(5, sound.Head.Count);
        Assert.Equal("reviewed with Ana", sound.Entries[1].Part);
        Assert.Equal("2 \"état\" \u202E批准", sound.Entries[1].Entry.Fact("after"));
    }

    [Fact]
    public void An_empty_ledger_is_sound() => Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(StoredLedger.Empty(Some.TenantId)));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void AP_1_a_changed_entry_is_named(int place)
    {
        var ledger = Five();
        var changed = ledger.Entries[place - 1] with { Body = [.. Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(ledger.Entries[place - 1].Body.AsSpan()).Replace("security", "marketin"))] };

        var broken = Broken(ledger with { Entries = ledger.Entries.SetItem(place - 1, changed) });

        Assert.Equal(place, broken.Entry);
    }

    [Fact]
    public void AP_1_an_entry_rewritten_with_a_new_hash_breaks_the_chain_behind_it()
    {
        var ledger = Five();
        var forged = Some.Ledger(Some.Draft(1), Some.Draft(2, "reviewed with Ana"), Some.Draft(99)).Entries[2];

        var broken = Broken(ledger with { Entries = ledger.Entries.SetItem(2, forged) });

        Assert.Equal(4, broken.Entry);
        Assert.Contains("one of the two", broken.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void AP_1_a_chain_rewritten_to_its_end_does_not_fit_the_head_kept_apart()
    {
        var ledger = Five();
        var forged = Some.Ledger(Some.Draft(1), Some.Draft(2, "reviewed with Ana"), Some.Draft(99), Some.Draft(4, "so be it"), Some.Draft(5));

        Assert.Equal(5, Broken(forged with { Anchor = ledger.Anchor }).Entry);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AP_1_a_removed_entry_is_named(int place)
    {
        var ledger = Five();

        Assert.Equal(place, Broken(ledger with { Entries = ledger.Entries.RemoveAt(place - 1) }).Entry);
    }

    [Fact]
    public void AP_1_an_inserted_entry_is_named()
    {
        var ledger = Five();

        // The place is taken twice; nothing tells which of the two came later.
        Assert.Equal(2, Broken(ledger with { Entries = ledger.Entries.Insert(2, ledger.Entries[1]) }).Entry);
        Assert.Equal(3, Broken(ledger with { Entries = [.. ledger.Entries[..2], ledger.Entries[1] with { Sequence = 3 }, .. ledger.Entries[2..].Select(entry => entry with { Sequence = entry.Sequence + 1 })] }).Entry);
    }

    [Fact]
    public void AP_1_two_swapped_entries_are_named()
    {
        var ledger = Five();
        var (second, third) = (ledger.Entries[1], ledger.Entries[2]);

        Assert.Equal(2, Broken(ledger with { Entries = ledger.Entries.SetItem(1, third with { Sequence = 2 }).SetItem(2, second with { Sequence = 3 }) }).Entry);
    }

    [Fact]
    public void AP_2_a_cut_tail_is_found_by_either_head()
    {
        var ledger = Five();
        var shorter = Some.Ledger(Some.Draft(1), Some.Draft(2, "reviewed with Ana"), Some.Draft(3));

        Assert.Equal(4, Broken(shorter with { Head = ledger.Head }).Entry);
        Assert.Equal(4, Broken(shorter with { Anchor = ledger.Anchor }).Entry);
        Assert.Equal(4, Broken(shorter, noted: ledger.Head).Entry);
        Assert.Equal(1, Broken(ledger with { Entries = [] }).Entry);
    }

    [Fact]
    public void AP_2_a_lost_head_is_no_proof() => Assert.Multiple(
        () => Broken(Five() with { Anchor = null }),
        () => Broken(Five() with { Head = null }));

    [Fact]
    public void A_head_kept_apart_that_lags_behind_is_no_fault()
    {
        var ledger = Five();
        var earlier = new LedgerHead(3, ledger.Entries[2].Hash);

        Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(ledger with { Anchor = earlier }));
    }

    [Fact]
    public void MT_1_the_ledger_of_another_tenant_is_refused() => Assert.Equal(1, Broken(Five() with { TenantId = Some.VendorTenantId }).Entry);

    [Fact]
    public void AP_5_a_text_may_be_missing_only_where_an_entry_says_that_it_was_erased()
    {
        var ledger = Five();
        var without = ledger with { Entries = ledger.Entries.SetItem(1, ledger.Entries[1] with { Part = null }) };
        var said = without.With(new LedgerDraft(Some.Moment, "p-9", LedgerKinds.Erased, "p-1", Some.Draft(1).Facts.Clear().Add("parts", "2"), null));

        Assert.Equal(2, Broken(without).Entry);
        var sound = Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(said));
        Assert.Equal(1, sound.PartsTaken);
    }

    [Fact]
    public void AP_5_an_erasure_excuses_only_texts_of_entries_before_it()
    {
        var ledger = Some.Ledger(
            new LedgerDraft(Some.Moment, "p-9", LedgerKinds.Erased, "p-1", Some.Draft(1).Facts.Clear().Add("parts", "2"), null), Some.Draft(2, "written afterwards"));

        Assert.Equal(2, Broken(ledger with { Entries = ledger.Entries.SetItem(1, ledger.Entries[1] with { Part = null }) }).Entry);
    }

    [Fact]
    public void AP_1_a_text_put_beside_an_entry_that_has_none_is_named()
    {
        var ledger = Five();

        var broken = Broken(ledger with { Entries = ledger.Entries.SetItem(0, ledger.Entries[0] with { Part = ledger.Entries[1].Part }) });

        Assert.Equal((1, "a text was put beside it"), (broken.Entry, broken.Why));
    }

    [Fact]
    public void AP_1_what_stands_behind_the_head_was_put_there_by_someone_else()
    {
        var ledger = Five();
        var third = new LedgerHead(3, ledger.Entries[2].Hash);

        var broken = Broken(ledger with { Head = third, Anchor = third });

        Assert.Equal((4, "it stands behind the head: it was not written by this program"), (broken.Entry, broken.Why));
    }

    [Fact]
    public void AP_2_a_head_of_nothing_beside_entries_and_one_that_counts_below_nothing_are_noticed()
    {
        var ledger = Five();

        Assert.Equal(1, Broken(ledger with { Head = LedgerHead.Empty }).Entry);
        Assert.Equal(1, Broken(ledger with { Anchor = LedgerHead.Empty with { Hash = ledger.Head!.Hash } }).Entry);
        Assert.Equal(1, Broken(ledger with { Head = new LedgerHead(-1, ledger.Head.Hash) }).Entry);
    }

    [Fact]
    public void Each_break_is_said_in_words_of_its_own()
    {
        var ledger = Five();
        string Why(StoredLedger broken) => Broken(broken).Why;

        Assert.Equal("the entry is missing", Why(ledger with { Entries = ledger.Entries.RemoveAt(1) }));
        Assert.Equal("the place is taken twice", Why(ledger with { Entries = ledger.Entries.Insert(2, ledger.Entries[1]) }));
        Assert.Equal("its content does not match its hash", Why(ledger with { Entries = ledger.Entries.SetItem(0, ledger.Entries[0] with { Hash = ledger.Entries[1].Hash }) }));
        Assert.Equal("it belongs to another tenant", Why(ledger with { TenantId = Some.VendorTenantId }));
        Assert.Equal("it stands in the place of another: it says that it is entry 2", Why(ledger with { Entries = ledger.Entries.SetItem(0, ledger.Entries[1] with { Sequence = 1 }) }));
        Assert.Equal("the text beside it was altered", Why(ledger with { Entries = ledger.Entries.SetItem(1, ledger.Entries[1] with { Part = ledger.Entries[3].Part }) }));
        Assert.Equal("the head kept apart is missing: a cut tail could not be seen", Why(ledger with { Anchor = null }));
        Assert.Equal("the head is missing", Why(ledger with { Head = null }));
        Assert.Equal("the tail is missing: the head counts 5 entries", Why(Some.Ledger(Some.Draft(1)) with { Head = ledger.Head }));
        Assert.Equal("the tail is missing: the head kept apart counts 5 entries", Why(Some.Ledger(Some.Draft(1)) with { Anchor = ledger.Head }));
        Assert.Equal("it is not the entry that the head given names", Broken(ledger, new LedgerHead(2, ledger.Entries[0].Hash)).Why);
    }

    [Fact]
    public void AP_1_every_flipped_byte_of_an_export_is_noticed()
    {
        var text = LedgerExport.Write(Five());
        var bytes = Encoding.UTF8.GetBytes(text);
        var head = Five().Head;
        Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(LedgerExport.Read(text), head));

        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var mask in new byte[] { 1, 0x20, 0x80 })
            {
                bytes[at] ^= mask;
                Assert.True(Noticed(bytes, head), $"byte {at} of {bytes.Length} flipped by {mask} went unnoticed");
                bytes[at] ^= mask;
            }
        }
    }

    [Fact]
    public void AP_1_every_flipped_byte_of_a_stored_ledger_is_noticed()
    {
        var ledger = Five();
        var flips = 0;
        for (var entry = 0; entry < ledger.Entries.Length; entry++)
        {
            var stored = ledger.Entries[entry];
            for (var at = 0; at < stored.Body.Length; at++, flips++)
            {
                Assert.Equal(entry + 1, Broken(Put(stored with { Body = stored.Body.SetItem(at, (byte)(stored.Body[at] ^ 1)) })).Entry);
            }

            for (var at = 0; at < stored.Hash.Length; at++, flips++)
            {
                Assert.Equal(entry + 1, Broken(Put(stored with { Hash = Flip(stored.Hash, at) })).Entry);
            }

            for (var at = 0; at < (stored.Part?.Salt.Length ?? 0); at++, flips++)
            {
                Assert.Equal(entry + 1, Broken(Put(stored with { Part = stored.Part! with { Salt = stored.Part.Salt.SetItem(at, (byte)(stored.Part.Salt[at] ^ 1)) } })).Entry);
            }

            for (var at = 0; at < (stored.Part?.Text.Length ?? 0); at++, flips++)
            {
                Assert.Equal(entry + 1, Broken(Put(stored with { Part = stored.Part! with { Text = Flip(stored.Part.Text, at) } })).Entry);
            }

            StoredLedger Put(StoredEntry changed) => ledger with { Entries = ledger.Entries.SetItem(entry, changed) };
        }

        Assert.True(flips > 1500, $"only {flips} bytes were flipped");
    }

    [Fact]
    public void An_entry_in_another_form_than_the_canonical_one_is_refused()
    {
        var line = Encoding.UTF8.GetString(Five().Entries[0].Body.AsSpan());

        Assert.Throws<FormatException>(() => LedgerForm.Read(Encoding.UTF8.GetBytes(line.Replace("\"v\":1", "\"v\": 1"))));
        Assert.Throws<FormatException>(() => LedgerForm.Read(Encoding.UTF8.GetBytes(line.Replace("\"v\":1", "\"v\":2"))));
        Assert.Throws<FormatException>(() => LedgerForm.Read(Encoding.UTF8.GetBytes(line.Replace("{\"after\"", "{\"x\":\"y\",\"after\""))));
        Assert.Throws<FormatException>(() => LedgerForm.Read("[]"u8));
        Assert.Throws<FormatException>(() => LedgerForm.Read([]));
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_break_the_chain()
    {
        var ledger = Some.Ledger(Some.Draft(1) with { Actor = "\uD800", Part = "\uDC00 x" });

        Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(ledger));
        Assert.IsType<LedgerVerdict.Sound>(LedgerVerification.Of(LedgerExport.Read(LedgerExport.Write(ledger))));
    }

    private static bool Noticed(byte[] bytes, LedgerHead? noted)
    {
        try
        {
            var ledger = LedgerExport.Read(new UTF8Encoding(false, true).GetString(bytes));
            return LedgerVerification.Of(ledger, noted) is LedgerVerdict.Broken;
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException)
        {
            return true;
        }
    }

    private static string Flip(string text, int at) => text[..at] + (char)(text[at] ^ 1) + text[(at + 1)..];
}
