using Governance.Core.Scans.Records;

namespace Governance.Core.Tests.Scans.Records;

public sealed class BucketsTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 8, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(100, 0, 1)]
    [InlineData(101, 0, 2)]
    [InlineData(401, 0, 8)]
    [InlineData(1_600, 8, 8)]
    [InlineData(1_601, 8, 32)]
    [InlineData(200, 8, 8)]
    [InlineData(199, 8, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(500, 3, 8)]
    public void The_count_is_a_power_of_two_that_changes_late(int rows, int previous, int expected) =>
        Assert.Equal(expected, Buckets.Count(rows, target: 100, previous));

    [Fact]
    public void Ids_in_sequence_spread_evenly()
    {
        var (_, starts) = Buckets.Arrange(64_000, 32, row => Buckets.Hash(new Guid(row, 0, 0, new byte[8])));

        Assert.All(Enumerable.Range(0, 32), bucket => Assert.InRange(starts[bucket + 1] - starts[bucket], 1_700, 2_300));
    }

    [Fact]
    public void Texts_in_sequence_spread_evenly()
    {
        var (_, starts) = Buckets.Arrange(64_000, 32, row => Buckets.Hash($"Directory_{row}"));

        Assert.All(Enumerable.Range(0, 32), bucket => Assert.InRange(starts[bucket + 1] - starts[bucket], 1_700, 2_300));
    }
}
