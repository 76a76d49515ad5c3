using Governance.Core.Policy.Ledger;

namespace Governance.Core.Tests.Policy.Ledger;

public sealed class LedgerExportTests
{
    private static readonly string[] Lines = LedgerExport.Write(Some.Ledger(Some.Draft(1), Some.Draft(2, "a text"))).Split('\n');

    /// <summary>Lines from 1: ledger, entry, hash, entry, hash, part, head, and nothing behind the last line break.</summary>
    [Fact]
    public void An_export_has_the_lines_that_the_other_tests_count() =>
        Assert.Equal(["ledger", "entry", "hash", "entry", "hash", "part", "head", ""], Lines.Select(line => line.Split(' ')[0]));

    [Fact]
    public void AP_2_a_head_that_was_cut_off_is_missed() => Assert.Equal("line 6: the head is missing", Told([.. Lines[..6], string.Empty]));

    [Fact]
    public void AP_1_any_line_that_was_cut_out_is_noticed() => Assert.All(Enumerable.Range(0, 7), line =>
    {
        string[] cut = [.. Lines[..line], .. Lines[(line + 1)..]];
        Assert.True(Told(cut) != "read" || LedgerVerification.Of(LedgerExport.Read(string.Join('\n', cut))) is LedgerVerdict.Broken, $"line {line + 1}");
    });

    [Theory]
    [InlineData(2, "line 8: text behind the head", true)]
    [InlineData(3, "line 4: not a line of an export", false)]
    [InlineData(6, "line 7: not a line of an export", false)]
    [InlineData(7, "line 8: text behind the head", false)]
    public void AP_1_a_line_that_stands_twice_is_named(int line, string says, bool atTheEnd) =>
        Assert.Equal(says, Told(atTheEnd ? [.. Lines[..7], Lines[line - 1], string.Empty] : [.. Lines[..line], Lines[line - 1], .. Lines[line..]]));

    [Theory]
    [InlineData(1, "ledger 2 x", "line 1: not an export of a decision ledger")]
    [InlineData(1, "ledger 1 not-an-id", "line 1: not an export of a decision ledger")]
    [InlineData(2, "hash 00", "line 2: not a line of an export")]
    [InlineData(2, "part 00 \"x\"", "line 2: not a line of an export")]
    [InlineData(3, "part 00 \"x\"", "line 3: not a line of an export")]
    [InlineData(4, "anything", "line 4: not a line of an export")]
    [InlineData(4, "other words", "line 4: not a line of an export")]
    [InlineData(6, "part", "line 6: not a line of an export")]
    [InlineData(6, "part zz \"x\"", "line 6: a part that does not read")]
    [InlineData(6, "part 00 x", "line 6: a part that does not read")]
    [InlineData(6, "part 00", "line 6: a part that does not read")]
    [InlineData(6, "part 00 7", "line 6: a part that does not read")]
    [InlineData(6, "part AA \"x\"", "line 6: a part that does not read")]
    [InlineData(7, "head 2", "line 7: a head that does not read")]
    [InlineData(7, "head 02 0000000000000000000000000000000000000000000000000000000000000000", "line 7: a head that does not read")]
    [InlineData(7, "head 2 000000000000000000000000000000000000000000000000000000000000000g", "line 7: a head that does not read")]
    [InlineData(7, "head 2 000000000000000000000000000000000000000000000000000000000000000F", "line 7: a head that does not read")]
    [InlineData(7, "head 2 00", "line 7: a head that does not read")]
    public void AP_1_a_line_that_does_not_read_is_named(int line, string text, string says) =>
        Assert.Equal(says, Told([.. Lines[..(line - 1)], text, .. Lines[line..]]));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("ledger 1 ")]
    public void What_is_no_export_at_all_is_refused(string text) => Assert.Throws<FormatException>(() => LedgerExport.Read(text));

    [Fact]
    public void AP_2_an_export_that_ends_in_the_middle_of_a_line_is_refused() =>
        Assert.All(Enumerable.Range(0, string.Join('\n', Lines).Length - 1), length => Assert.Throws<FormatException>(() => LedgerExport.Read(string.Join('\n', Lines)[..length])));

    private static string Told(string[] lines)
    {
        try
        {
            LedgerExport.Read(string.Join('\n', lines));
            return "read";
        }
        catch (FormatException refused)
        {
            return refused.Message;
        }
    }
}
