using System.Globalization;
using System.Text;
using CsvHelper;
using Governance.Api.Exports;

namespace Governance.EndToEnd.Tests.Report;

public sealed class CsvCellTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("＝1", "'＝1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠x", "'＠x")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\u200B=1", "'\u200B=1")]
    [InlineData("\t=1", "'⟨U+0009⟩=1")]
    [InlineData("\r=1", "'⟨U+000D⟩=1")]
    [InlineData("\0=1", "'⟨U+0000⟩=1")]
    [InlineData("'quoted", "''quoted")]
    [InlineData("a\r\nb", "a⟨U+000D⟩⟨U+000A⟩b")]
    [InlineData("Copy.ai - Writer", "Copy.ai - Writer")]
    [InlineData("", "")]
    public void A_text_that_a_spreadsheet_could_run_is_only_text(string text, string cell) => Assert.Equal(cell, CsvCell.Safe(text));

    [Fact]
    public void Ten_thousand_hostile_texts_come_back_from_the_file_as_they_went_in()
    {
        var texts = Hostile.Texts(10_000).Concat(Hostile.Names).ToArray();
        using var stream = new MemoryStream();

        CsvTable.Write(stream, texts, [new("first", text => text), new("second", text => $"x{text}")], bom: false);

        using var reader = CsvReader.Create(stream.ToArray());
        foreach (var text in texts)
        {
            Assert.True(reader.Read());
            Assert.Equal(2, reader.FieldCount);
            Assert.Equal(CsvCell.Visible(text), CsvCell.Raw(reader.GetString(0)));
            Assert.Equal($"x{CsvCell.Visible(text)}", reader.GetString(1));
            Assert.False(RunsAsFormula(reader.GetString(0)), reader.GetString(0));
            Assert.DoesNotContain(reader.GetString(0), c => char.IsControl(c));
        }

        Assert.False(reader.Read());
    }

    /// <summary>Judged apart from the code under test: what a reader that drops blanks and invisible marks would see first.</summary>
    private static bool RunsAsFormula(string cell)
    {
        var seen = cell.Normalize(NormalizationForm.FormKC).SkipWhile(c => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format);
        return seen.FirstOrDefault() is '=' or '+' or '-' or '@';
    }
}
