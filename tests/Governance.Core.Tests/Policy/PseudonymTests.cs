using Governance.Core.Policy;

namespace Governance.Core.Tests.Policy;

public sealed class PseudonymTests
{
    [Theory]
    [InlineData("jos\u00E9", "jose\u0301")]
    [InlineData("jos\u00E9", "\uFF2A\uFF4F\uFF53\u00E9")]
    [InlineData("Gro\u00DF", "GROSS")]
    [InlineData("0d0d0d0d-1111-4222-8333-444444444444", "0D0D0D0D111142228333444444444444")]
    public void One_person_has_one_pseudonym_however_the_name_is_written(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("jos\u00E9", "jose")]
    [InlineData("\u0131pek", "ipek")]
    public void Different_names_have_different_pseudonyms(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    private static string Of(string name) => Some.Person(name).Pseudonym;
}
