using System.Text.RegularExpressions;

namespace Governance.EndToEnd.Tests.Layout;

/// <summary>An event id stands for one message in all of the program, and lies in the block of its folder.</summary>
public sealed partial class EventIdTests
{
    private static readonly (string Folder, int Id, string Place)[] Events =
    [
        .. Repository.Sources("src").SelectMany(file => Message().Matches(File.ReadAllText(file)).Select(match => (
            Folder: Path.GetDirectoryName(Repository.Relative(file))!.Replace('\\', '/')["src/".Length..],
            Id: int.Parse(match.Groups["id"].Value),
            Place: Repository.Relative(file)))),
    ];

    [Fact]
    public void No_two_messages_have_one_id()
    {
        Assert.True(Events.Length > 40, $"only {Events.Length} messages were found");
        Assert.Empty(Events.GroupBy(happened => happened.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => one.Place))}"));
    }

    [Fact]
    public void Every_id_lies_in_the_block_of_its_folder()
    {
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src/README.md")))
            .ToDictionary(match => match.Groups["folder"].Value, match => int.Parse(match.Groups["first"].Value), StringComparer.Ordinal);

        Assert.Equal(blocks.Values.Distinct().Count(), blocks.Count);
        Assert.All(Events, happened => Assert.True(
            blocks.TryGetValue(happened.Folder, out var first) && happened.Id / 100 == first / 100, $"{happened.Id} in {happened.Place}: src/README.md gives {happened.Folder} another block or none"));
        Assert.Empty(blocks.Keys.Except(Events.Select(happened => happened.Folder)));
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>[0-9]+)")]
    private static partial Regex Message();

    [GeneratedRegex(@"^\| (?<first>[1-9]00) to [1-9]99 \| `(?<folder>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Block();
}
