using System.Globalization;
using Governance.EndToEnd.Tests.Api;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Teams;
using Governance.Simulator;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>14: what one process asked of Graph and of Teams, against the waits it was told and the limits it declares.</summary>
/// <remarks>
/// Pages of one list are asked for one after another, so what follows a told wait at its place was sent by someone who had heard of it.
/// Other places may have requests on their way just then and are not looked at; that one wait holds for all of them is tested under
/// a clock of the test's own (<c>RetryAfterTests</c>).
/// </remarks>
internal static class Waits
{
    /// <param name="asked">Requests of one process.</param>
    public static void Hold(IReadOnlyList<LoggedRequest> asked)
    {
        for (var at = 0; at < asked.Count; at++)
        {
            var told = asked[at];
            if (told.RetryAfter is { } wait)
            {
                var end = told.At.AddSeconds(double.Parse(wait, CultureInfo.InvariantCulture));
                var early = asked.Skip(at + 1).FirstOrDefault(later => PlaceOf(later) == PlaceOf(told) && later.At < end);
                Assert.True(early is null, $"14: {PlaceOf(told)} was told at {told.At:O} to wait {wait} s and asked again at {early?.At:O}");
            }
        }

        // A reading begins with the organization; it asks for a page until it has it, and then no more.
        var readings = Math.Max(1, asked.Count(request => PlaceOf(request).EndsWith("/organization", StringComparison.Ordinal) && request.Status == 200));
        foreach (var page in asked.Where(request => !PlaceOf(request).EndsWith("/$batch", StringComparison.Ordinal)).GroupBy(request => request.PathAndQuery))
        {
            Assert.InRange(page.Count(request => request.Status == 200), 0, readings);
            Assert.InRange(page.Count(), 1, readings * new GraphOptions().Attempts);
        }
    }

    /// <param name="posted">Messages of one process.</param>
    public static void Hold(IReadOnlyList<PostedMessage> posted)
    {
        foreach (var channel in posted.GroupBy(post => post.Channel))
        {
            var posts = channel.ToArray();
            Assert.InRange(posts.Length, 1, new WorkflowOptions().Attempts);
            Assert.All(posts.Zip(posts.Skip(1)), pair => Assert.True(
                pair.First.RetryAfter is { } wait && pair.Second.At >= pair.First.At + wait, $"14: {channel.Key} was posted to at {pair.First.At:O} and again at {pair.Second.At:O}"));
        }
    }

    private static string PlaceOf(LoggedRequest request) => request.PathAndQuery.Split('?')[0];
}
