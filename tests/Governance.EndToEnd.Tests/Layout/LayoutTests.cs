using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Governance.EndToEnd.Tests.Layout;

/// <summary>The rules of who may know whom, and of what may stand where.</summary>
public sealed partial class LayoutTests
{
    /// <summary>What each project may reference. Heads know edges, edges know Core, Core knows nobody.</summary>
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Governance.Core"] = [],
        ["Governance.Microsoft365"] = ["Governance.Core"],
        ["Governance.Embedded"] = ["Governance.Core"],
        ["Governance.PolicyFile"] = ["Governance.Core"],
        ["Governance.Azure"] = ["Governance.Core"],
        ["Governance.Api"] = ["Governance.Core"],
        ["Governance.Simulator"] = [],
        ["Governance.Functions"] = ["Governance.Api", "Governance.Azure", "Governance.Core", "Governance.Microsoft365", "Governance.PolicyFile"],
        ["Governance.Cli"] = ["Governance.Api", "Governance.Core", "Governance.Embedded", "Governance.Microsoft365", "Governance.PolicyFile", "Governance.Simulator"],
    };

    private static readonly string[] Slices = ["Text", "Consents", "Catalogue", "Policy", "Risk", "Findings", "Kpis", "Digest", "Scans"];

    public static TheoryData<string> Projects => [.. Repository.Sources("src", "*.csproj").Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may_know(string project)
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        var name = Path.GetFileNameWithoutExtension(project);

        Assert.True(May.ContainsKey(name), $"{name} is not in the list of projects");
        Assert.Empty(references.Except(May[name]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Versions_of_packages_stand_in_one_place(string project)
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference").Attributes("Version");

        Assert.Empty(versions);
    }

    [Fact]
    public void Packages_are_pinned_exactly()
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Attributes("Version");

        Assert.All(versions, version => Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?$", version.Value));
    }

    [Fact]
    public void Core_has_no_packages()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src/Governance.Core/Governance.Core.csproj"));

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Fact]
    public void A_slice_of_Core_knows_only_slices_to_its_left()
    {
        var wrong = new List<string>();
        for (var slice = 0; slice < Slices.Length; slice++)
        {
            foreach (var file in Repository.Sources($"src/Governance.Core/{Slices[slice]}"))
            {
                var text = File.ReadAllText(file);
                wrong.AddRange(Slices[(slice + 1)..]
                    .Where(right => text.Contains($"Governance.Core.{right}", StringComparison.Ordinal))
                    .Select(right => $"{Repository.Relative(file)} uses {right}"));
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("src", @"DateTime(Offset)?\.(Utc)?Now\b")]
    [InlineData("src", @"\.GetAwaiter\(\)\.GetResult\(\)|Thread\.Sleep\(")]
    [InlineData("src", @"(?<!\w)task\.Result\b|\.Wait\(\)")]
    [InlineData("src/Governance.Core", @"\bConsole\.|\bHttpClient\b|(?<![\w.])File\.(?!Name)|\bGuid\.NewGuid\b|\bRandom\.Shared\b")]
    [InlineData("src/Governance.Microsoft365", @"(?<!\w)Console\.")]
    [InlineData("src/Governance.Embedded", @"(?<!\w)Console\.")]
    [InlineData("src/Governance.Api", @"(?<!\w)Console\.")]
    public void Some_members_are_not_used(string folder, string pattern)
    {
        var used = Repository.Sources(folder)
            .SelectMany(file => File.ReadLines(file).Select((line, number) => (File: Repository.Relative(file), Line: line, Number: number + 1)))
            .Where(line => !line.Line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line.Line, pattern))
            .Select(line => $"{line.File}:{line.Number}");

        Assert.Empty(used);
    }

    [Fact]
    public void A_suppression_names_its_reason()
    {
        var bare = Repository.Sources("src").Concat(Repository.Sources("tests").Where(file => !file.EndsWith("LayoutTests.cs", StringComparison.Ordinal)))
            .SelectMany(file => File.ReadLines(file).Select((line, number) => (File: Repository.Relative(file), Line: line, Number: number + 1)))
            .Where(line => Suppression().IsMatch(line.Line) && !line.Line.Contains("restore", StringComparison.Ordinal))
            .Where(line => !line.Line.Contains(" // ", StringComparison.Ordinal) && !line.Line.Contains("Justification", StringComparison.Ordinal))
            .Select(line => $"{line.File}:{line.Number}");

        Assert.Empty(bare);
    }

    [Fact]
    public void No_test_is_skipped()
    {
        var skipped = Repository.Sources("tests").Where(file => File.ReadAllText(file).Contains("Skip = \"", StringComparison.Ordinal)).Select(Repository.Relative);

        Assert.DoesNotContain(skipped, file => !file.EndsWith("LayoutTests.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void The_solution_filter_holds_every_project_that_builds_from_any_package_source()
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "Governance.Local.slnf")));
        var held = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(project => project.GetString()!);
        var expected = Repository.Sources("src", "*.csproj").Concat(Repository.Sources("tests", "*.csproj")).Select(Repository.Relative)
            .Where(project => !NeedsTheServiceBusExtension(project));

        Assert.Equal(expected.Order(StringComparer.Ordinal), held.Order(StringComparer.Ordinal));
    }

    /// <summary>The Functions head, its tests and the stand-in for the one package that some sources lack.</summary>
    private static bool NeedsTheServiceBusExtension(string project) =>
        project.Contains("Governance.Functions", StringComparison.Ordinal) || project.StartsWith("tests/StandIns/", StringComparison.Ordinal);

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage\(")]
    private static partial Regex Suppression();
}
