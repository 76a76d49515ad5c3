using System.Globalization;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Waits that the server names (GT-1, GT-2); those by date are in <see cref="HostZoneTests"/> (GT-3).</summary>
public sealed class WaitTests
{
    [Theory]
    [InlineData("3")]
    [InlineData("2.128")]
    [InlineData("4000")]
    public async Task GT_1_each_page_is_asked_again_only_after_the_wait_and_the_end_is_clean(string wait)
    {
        var untroubled = new ScriptedGraph();
        var clean = Some.Content(await Some.InventoryAsync(untroubled));
        for (var nth = 1; nth <= untroubled.Requests.Count; nth++)
        {
            var time = new HandSetTime();
            var graph = new ScriptedGraph();
            var arrived = 0;
            (Uri Address, DateTimeOffset At)? refused = null;
            DateTimeOffset? again = null;
            graph.Instead = request =>
            {
                if (Interlocked.Increment(ref arrived) == nth)
                {
                    refused = (request.Address, time.GetUtcNow());
                    return ScriptedGraph.Error(429, "TooManyRequests", "later", ("Retry-After", wait));
                }

                again = request.Address == refused?.Address ? time.GetUtcNow() : again;
                return null;
            };

            var inventory = await Some.InventoryAsync(graph, time);

            Assert.Equal(clean, Some.Content(inventory));
            Assert.True(again - refused!.Value.At >= TimeSpan.FromSeconds(double.Parse(wait, CultureInfo.InvariantCulture)), $"request {nth} was sent again after {again - refused.Value.At}");
        }
    }

    [Fact]
    public async Task GT_2_throttled_on_every_call_the_part_ends_and_no_further_call_is_made_for_it()
    {
        var graph = new ScriptedGraph { Instead = request => request.Collection == "oauth2PermissionGrants" ? ScriptedGraph.Error(429, "TooManyRequests", "later", ("Retry-After", "7")) : null };

        var inventory = await Some.InventoryAsync(graph);

        var grants = inventory.Part(InventoryPart.Oauth2PermissionGrants);
        Assert.Equal((PartStatus.Partial, "throttled out: 429, asked to wait 7 s at page 1"), (grants.Status, grants.Reason));
        Assert.Equal(Some.Options().Attempts, graph.Requests.Count(request => request.Collection.Contains("oauth2PermissionGrants", StringComparison.Ordinal)));
        Assert.All(inventory.Parts.Where(part => Inventory.Needed.Contains(part.Part) && part.Part != grants.Part), part => Assert.True(part.Complete, $"{part}"));
    }
}
