using Governance.Core.Scans;

namespace Governance.Microsoft365.Tests.Graph;

[Collection(AloneInTheProcess.Name)]
public sealed class HostZoneTests
{
    [Theory]
    [InlineData(-7, 0)]
    [InlineData(0, 0)]
    [InlineData(5, 30)]
    public async Task GT_3_a_wait_until_a_date_ends_at_that_instant_in_every_zone(int hours, int minutes)
    {
        using var zone = HostZone.At(new TimeSpan(hours, minutes, 0));
        Assert.Equal(new TimeSpan(hours, minutes, 0), TimeZoneInfo.Local.GetUtcOffset(DateTime.UtcNow));
        var time = new HandSetTime();
        var until = HandSetTime.Start.AddMinutes(95).AddSeconds(5);
        DateTimeOffset? asked = null;
        var graph = new ScriptedGraph();
        graph.Instead = request =>
        {
            if (request.Collection != "users" || request.Address.Query.Contains("skiptoken", StringComparison.Ordinal))
            {
                return null;
            }

            asked = request.Try > 1 ? time.GetUtcNow() : null;
            return request.Try > 1 ? null : ScriptedGraph.Error(429, "TooManyRequests", "later", ("Retry-After", until.ToString("R")));
        };

        var inventory = await Some.InventoryAsync(graph, time);

        Assert.True(inventory.Complete);
        Assert.True(asked >= until);

        // Other parts wait at the same gate, and each wait moves this clock on, so the wait itself is looked at.
        Assert.Equal(until - HandSetTime.Start, time.Waits.Max());
    }
}
