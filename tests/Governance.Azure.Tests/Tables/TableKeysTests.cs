using Governance.Azure.Tables;

namespace Governance.Azure.Tests.Tables;

public sealed class TableKeysTests
{
    [Theory]
    [InlineData("plain-id_9", "plain-id_9")]
    [InlineData("a/b\\c#d?e", "a=2Fb=5Cc=23d=3Fe")]
    [InlineData("a.b~c", "a=2Eb=7Ec")]
    [InlineData("=", "=3D")]
    [InlineData("ü", "=C3=BC")]
    [InlineData("a\0\u0085", "a=00=C2=85")]
    public void An_id_becomes_a_key_that_the_service_takes(string id, string key)
    {
        Assert.Equal(key, TableKeys.Encode(id));
    }

    [Fact]
    public void Long_ids_keep_apart_and_below_the_limit_of_a_key()
    {
        var one = TableKeys.Event(new string('/', 5_000), 1, 1, new string('a', 32));
        var other = TableKeys.Event(new string('/', 5_001), 1, 1, new string('a', 32));

        Assert.NotEqual(one, other);
        Assert.InRange(one.Length, 1, 512);
    }

    [Fact]
    public void No_id_can_take_the_form_of_a_hash()
    {
        Assert.DoesNotContain("=h", TableKeys.Encode("=h" + new string('0', 64)), StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_scans_sort_first()
    {
        Assert.True(string.CompareOrdinal(TableKeys.Scan(10), TableKeys.Scan(9)) < 0);
        Assert.True(string.CompareOrdinal(TableKeys.Scan(int.MaxValue), TableKeys.Scan(1)) < 0);
    }
}
