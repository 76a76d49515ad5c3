using System.Globalization;
using System.Text;
using System.Text.Json;
using Governance.Api.Exports;
using Governance.Cli;
using Governance.Core.Digest;
using Spectre.Console;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>Ten thousand random hostile names through the sinks whose output can be read back; cards, CSV and page have theirs beside their own tests.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] All = [.. Hostile.Names, .. Hostile.Texts(10_000)];

    [Fact]
    public async Task Markdown_reads_each_as_text_and_nothing_else()
    {
        var file = Path.Combine(Path.GetTempPath(), $"names-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(All.Select(name => MarkdownSummary.Safe(Wording.Tenant(name))).Append("[planted](x)")));

        var marked = JsonSerializer.Deserialize<string[]>(await Schemas.ExportSchemaTests.Tools.RunAsync("markdown.mjs", file))!;

        File.Delete(file);
        Assert.Equal(["[planted](x)"], marked);
    }

    [Fact]
    public void A_terminal_gets_neither_steering_marks_nor_markup()
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        foreach (var name in All)
        {
            var safe = Terminal.Safe(name, 400);

            Assert.DoesNotContain(safe, c => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            Assert.Equal(Core.TenantText.Plain(name, 400).Length, new Markup(safe).Length);
        }

        console.Write(new Markup(string.Join(' ', All.Take(500).Select(name => Terminal.Safe(name)))));
        Assert.NotEmpty(written.ToString());
    }

    [Theory]
    [InlineData(ExportFormat.JsonLines)]
    [InlineData(ExportFormat.Ocsf)]
    public async Task A_line_of_JSON_holds_one_finding_with_its_name_as_it_was(ExportFormat format)
    {
        foreach (var names in All.Chunk(2_500))
        {
            var facts = Sample.Facts(apps: names.Length, scans: 1, names: names);
            using var stream = new MemoryStream();
            await Exporter.WriteAsync(format, ExportWhat.Findings, facts, stream);

            var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

            Assert.Equal(facts.State.Findings.Length, lines.Length);
            if (format == ExportFormat.JsonLines)
            {
                Assert.Equal(facts.State.Findings.Select(finding => Wire(finding.SubjectName)), lines.Select(line => line.GetProperty("subjectName").GetString()));
            }
            else
            {
                var known = facts.State.Apps.ToDictionary(app => app.Id.ToString(), app => Wire(app.App.Principal.Name));
                Assert.All(lines, line => Assert.Equal(known[line.GetProperty("resources")[0].GetProperty("uid").GetString()!], line.GetProperty("resources")[0].GetProperty("name").GetString()));
            }
        }
    }

    /// <summary>An unpaired surrogate cannot travel in UTF-8; it arrives as the mark for that.</summary>
    private static string Wire(string name) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name));
}
