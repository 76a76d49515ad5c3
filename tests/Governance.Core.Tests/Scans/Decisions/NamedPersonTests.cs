using System.Text;
using Governance.Core.Scans.Decisions;

namespace Governance.Core.Tests.Scans.Decisions;

public sealed class NamedPersonTests
{
    private const string Id = "0d0d0d0d-1111-4222-8333-444444444444";

    [Theory]
    [InlineData("Ana Lima", "asked by Ana Lima.", "asked by erased.")]
    [InlineData("Ana Lima", "ana  LIMA's tool (Ana Lima)", "erased's tool (erased)")]
    [InlineData("Jos\u00E9", "for Jose\u0301, not for Josephine", "for erased, not for Josephine")]
    [InlineData("Gro\u00DF", "GROSS/Gro\u00DF", "erased/erased")]
    [InlineData("Xaver Q.", "Xaver Q. agreed", "erased agreed")]
    [InlineData("ana@example.com", "mail to ana@example.com!", "mail to erased!")]
    [InlineData("\u738B\u4F1F", "\u7531 \u738B\u4F1F\uFF0C\u6279\u51C6", "\u7531 erased\uFF0C\u6279\u51C6")]
    [InlineData(Id, "of 0D0D0D0D111142228333444444444444 and {" + Id + "}", "of erased and {erased}")]
    public void A_whole_name_or_id_is_taken_out_of_a_text_and_nothing_else(string identity, string text, string without)
    {
        var person = new NamedPerson(identity);

        Assert.True(person.StandsIn(text));
        Assert.Equal(without, person.Without(text));
        Assert.False(person.StandsIn(without));
    }

    [Theory]
    [InlineData("Read", "Mail.Read, ReadWrite, Read-Only, read_all, read@example.com")]
    [InlineData("Ana", "Diana, Anab, Ana-Maria, O'Ana, ana.lima@example.com, Ana\u0301")]
    [InlineData("Ana Lima", "Ana Limao, Mariana Lima, Ana Lima-Costa, Ana, Lima")]
    [InlineData("\u738B\u4F1F", "\u738B\u4F1F\u660E")]
    [InlineData(Id, "0d0d0d0d-1111-4222-8333-4444444444445 a" + Id)]
    [InlineData("", "anything")]
    public void A_part_of_a_word_or_of_a_longer_name_is_nobody(string identity, string text)
    {
        var person = new NamedPerson(identity);

        Assert.False(person.StandsIn(text));
        Assert.Equal(text, person.Without(text));
    }

    [Theory]
    [InlineData(Id, "0c0c0c0c-1111-4222-8333-444444444444/" + Id, true)]
    [InlineData("0c0c0c0c-1111-4222-8333-444444444444/" + Id, Id, true)]
    [InlineData(Id, Id + "/0c0c0c0c-1111-4222-8333-444444444444", false)]
    [InlineData(Id, "local:" + Id, false)]
    [InlineData("Ana Lima", "ana lima ", true)]
    [InlineData("Ana", "Ana Lima", false)]
    [InlineData("", "", false)]
    public void A_field_holds_a_person_as_a_whole(string identity, string who, bool same) => Assert.Equal(same, new NamedPerson(identity).Is(who));

    [Theory]
    [InlineData("{\"by\":\"jos\\u0065\\u0301\"}", true)]
    [InlineData("{\"list\":[{\"Jos\u00E9\":1}]}", true)]
    [InlineData("{\"by\":\"Josefa\"}", false)]
    [InlineData("by Jos\u00E9", true)]
    [InlineData("", false)]
    public void A_person_is_found_in_the_texts_of_a_document_however_they_are_escaped(string json, bool found) =>
        Assert.Equal(found, new NamedPerson("Jos\u00E9").StandsInJson(Encoding.UTF8.GetBytes(json)));
}
