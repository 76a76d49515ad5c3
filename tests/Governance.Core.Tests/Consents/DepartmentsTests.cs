using Governance.Core.Consents;

namespace Governance.Core.Tests.Consents;

public sealed class DepartmentsTests
{
    private static readonly Departments Watched = new([new("Comunicaci\u00F3n", ["\u5E7F\u544A\u90E8", "Stra\u00DFenwerbung"])]);

    [Theory]
    [InlineData("Comunicaci\u00F3n")]
    [InlineData("Comunicacio\u0301n")]
    [InlineData(" COMUNICACIO\u0301N ")]
    [InlineData("\uFF23omunicaci\u00F3n")]
    [InlineData("STRASSENWERBUNG")]
    [InlineData("\u5E7F\u544A\u90E8")]
    public void A_department_counts_however_the_directory_writes_it(string written) => Assert.Equal("Comunicaci\u00F3n", Watched.NameOf(written));

    [Fact]
    public void One_department_that_nobody_named_is_one_whichever_way_its_letters_are_put_together()
    {
        Assert.Equal("Cr\u00E9ation", Watched.NameOf("Cre\u0301ation"));
        Assert.Equal("Cr\u00E9ation", Watched.NameOf("Cr\u00E9ation "));
    }

    [Fact]
    public void Another_department_is_not_taken_for_it() => Assert.Equal("Comunicacion", Watched.NameOf("Comunicacion"));
}
