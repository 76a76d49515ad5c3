using System.Globalization;
using System.Text.Json;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task The_demo_leaves_everything_it_promises()
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of("demo", "--out", folder["demo"]);

        Assert.Equal(0, run.Code);
        foreach (var tag in new[] { "en", "de", "fr", "zh-Hans" })
        {
            Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder[$"demo/report.{tag}.html"]), StringComparison.OrdinalIgnoreCase);
            foreach (var audience in new[] { "executive", "security" })
            {
                var card = JsonDocument.Parse(File.ReadAllBytes(folder[$"demo/card.{audience}.{tag}.json"])).RootElement;
                Assert.Equal("AdaptiveCard", card.GetProperty("attachments")[0].GetProperty("content").GetProperty("type").GetString());
            }
        }

        Assert.True(File.ReadLines(folder["demo/findings.csv"]).Count() > 20);
        Assert.True(JsonDocument.Parse(File.ReadAllBytes(folder["demo/findings.json"])).RootElement.ValueKind == JsonValueKind.Object);
        Assert.Contains("report.en.html", run.Output, StringComparison.Ordinal);
        Assert.Contains("resolved", run.Notes, StringComparison.Ordinal);
        Assert.Matches("[1-9][0-9]* reopened", run.Notes);
    }

    [Fact]
    public async Task What_the_demo_keeps_can_be_looked_at_with_every_command()
    {
        using var folder = new TemporaryFolder();
        await Run.Of("demo", "--out", folder["demo"]);
        var data = folder["demo/data"];

        var findings = await Run.Of("findings", "--data", data);
        var apps = await Run.Of("apps", "--data", data, "--show", "all");
        var explain = await Run.Of("explain", "Otter.ai", "--data", data);
        var kpis = await Run.Of("kpis", "--data", data);
        var kpisJson = await Run.Of("kpis", "--data", data, "--format", "json");
        var digest = await Run.Of("digest", "--data", data, "--format", "text", "--language", "fr");
        var export = await Run.Of("export", "--data", data, "--format", "csv", "--what", "apps");
        var report = await Run.Of("report", "--data", data, "--out", folder["r.html"], "--language", "de");

        Assert.All(new[] { findings, apps, explain, kpis, kpisJson, digest, export, report }, run => Assert.True(run.Code == 0, run.Notes));
        Assert.Contains("denied-tool-consented", findings.Output, StringComparison.Ordinal);
        Assert.Contains("records meetings of clients", explain.Output, StringComparison.Ordinal);
        Assert.Contains("Gouvernance de l’IA", digest.Output, StringComparison.Ordinal);
        Assert.Equal(23, kpisJson.Json.GetProperty("kpis").GetArrayLength());
        Assert.True(new FileInfo(folder["r.html"]).Length is > 20_000 and < 1_000_000);
        Assert.All(new[] { findings, apps, explain, digest }, run => Assert.DoesNotContain(run.Output, c => (char.IsControl(c) && c is not ('\n' or '\r')) || Steers(c)));
    }

    [Fact]
    public async Task A_folder_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("precious.txt", "mine");

        var run = await Run.Of("demo", "--out", folder.Path);

        Assert.Equal(2, run.Code);
        Assert.Equal(["precious.txt"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    private static bool Steers(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format;
}
