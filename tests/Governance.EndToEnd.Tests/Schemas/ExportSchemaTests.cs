using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Api.Exports;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Report;

namespace Governance.EndToEnd.Tests.Schemas;

/// <summary>What is written as JSON keeps to what is published: our own schema, and the class rules of OCSF.</summary>
[Collection(DemoCollection.Name)]
public sealed class ExportSchemaTests(DemoData demo)
{
    private const string Own = "governance-export.schema.json";

    internal static readonly NodeTools Tools = new("Schemas", "ajv/package.json", "ajv-formats/package.json", "markdown-it/package.json");

    private static readonly string Ocsf = Path.Combine(Tools.Folder, "ocsf-1.3.0-detection-finding.schema.json");

    [Fact]
    public async Task Every_document_of_the_demo_fits_the_schema_that_the_program_prints_and_has_no_field_beyond_it()
    {
        using var folder = new TemporaryFolder();
        var schema = await SchemaAsync(folder);
        string[][] commands =
        [
            ["export", "--format", "json", "--what", "all"], ["export", "--format", "json", "--what", "apps"], ["export", "--format", "json", "--what", "findings"],
            ["export", "--format", "json", "--what", "kpis"], ["kpis", "--format", "json"], ["kpis", "--format", "json", "--by", "department"],
            ["kpis", "--format", "json", "--period", "day"], ["kpis", "--format", "json", "--period", "week"], ["kpis", "--format", "json", "--period", "month"],
            ["kpis", "--format", "json", "--period", "quarter"],
        ];
        var asked = new List<object>();
        foreach (var (at, command) in commands.Index())
        {
            var run = await Run.Of([.. command, "--data", demo.Data]);
            Assert.True(run.Code == 0, run.Notes);
            folder.Write($"{at}.json", run.Output);
            asked.Add(new { schema, file = folder[$"{at}.json"], closed = true });
        }

        var lines = await Run.Of("export", "--format", "jsonlines", "--data", demo.Data);
        folder.Write("lines.jsonl", lines.Output);
        asked.Add(new { schema, at = "findingLine", file = folder["lines.jsonl"], lines = true, closed = true });

        var answers = await ValidateAsync(asked);

        Assert.All(answers.Index(), answer => Assert.True(answer.Item.Problems.Length == 0, $"document {answer.Index}: {string.Join('\n', answer.Item.Problems)}"));
        Assert.True(answers[^1].Documents > 100);
    }

    [Fact]
    public async Task Hostile_names_and_missing_data_fit_as_well()
    {
        using var folder = new TemporaryFolder();
        var schema = await SchemaAsync(folder);
        var facts = Sample.Facts(names: Hostile.Names, partial: [Core.Consents.InventoryPart.Users]);
        await WriteAsync(folder["all.json"], ExportFormat.Json, ExportWhat.All, facts);
        await WriteAsync(folder["lines.jsonl"], ExportFormat.JsonLines, ExportWhat.Findings, facts);

        var answers = await ValidateAsync(
            [new { schema, file = folder["all.json"], closed = true }, new { schema, at = "findingLine", file = folder["lines.jsonl"], lines = true, closed = true }]);

        Assert.All(answers, answer => Assert.Empty(answer.Problems));
    }

    [Fact]
    public async Task Ocsf_findings_keep_the_published_rules_of_their_class()
    {
        using var folder = new TemporaryFolder();
        var run = await Run.Of("export", "--format", "ocsf", "--data", demo.Data);
        folder.Write("demo.jsonl", run.Output);
        await WriteAsync(folder["hostile.jsonl"], ExportFormat.Ocsf, ExportWhat.Findings, Sample.Facts(apps: 200, names: Hostile.Names));

        var answers = await ValidateAsync(
            [new { schema = Ocsf, file = folder["demo.jsonl"], lines = true }, new { schema = Ocsf, file = folder["hostile.jsonl"], lines = true }]);

        Assert.All(answers, answer => Assert.True(answer.Problems.Length == 0, string.Join('\n', answer.Problems)));
        Assert.All(answers, answer => Assert.True(answer.Documents > 100));
    }

    [Fact]
    public async Task A_document_that_does_not_fit_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var schema = await SchemaAsync(folder);
        await WriteAsync(folder["good.json"], ExportFormat.Json, ExportWhat.All, Sample.Facts());
        await WriteAsync(folder["good.jsonl"], ExportFormat.Ocsf, ExportWhat.Findings, Sample.Facts(apps: 1));
        void Spoil(string name, string source, Action<JsonNode> change)
        {
            var document = JsonNode.Parse(File.ReadLines(folder[source]).First().Length > 5 ? File.ReadLines(folder[source]).First() : File.ReadAllText(folder[source]))!;
            change(document);
            folder.Write(name, document.ToJsonString());
        }

        Spoil("a.json", "good.json", document => document["schemaVersion"] = 2);
        Spoil("b.json", "good.json", document => document["apps"]![0]!["risk"]!["score"] = 101);
        Spoil("c.json", "good.json", document => document["findings"]![0]!.AsObject().Remove("rule"));
        Spoil("d.json", "good.json", document => document["kpis"]![0]!["surprise"] = 1);
        Spoil("e.json", "good.jsonl", document => document["severity_id"] = 9);
        Spoil("f.json", "good.jsonl", document => document["metadata"]!.AsObject().Remove("product"));
        Spoil("g.json", "good.jsonl", document => document["surprise"] = 1);

        var answers = await ValidateAsync(
        [
            .. new[] { "a", "b", "c", "d" }.Select(name => new { schema, file = folder[$"{name}.json"], closed = true }),
            .. new[] { "e", "f", "g" }.Select(name => new { schema = Ocsf, file = folder[$"{name}.json"], lines = true }),
        ]);

        Assert.All(answers.Index(), answer => Assert.True(answer.Item.Problems.Length > 0, $"document {answer.Index} passed"));
    }

    [Fact]
    public async Task The_schema_that_is_printed_is_the_one_in_the_repository_and_its_id_carries_the_version()
    {
        var run = await Run.Of("export", "--schema");

        Assert.Equal(0, run.Code);
        Assert.Equal(File.ReadAllText(Path.Combine(Layout.Repository.Root, "src/Governance.Api/Exports", Own)), run.Output);
        Assert.EndsWith($":{ExportSchema.Version}", run.Json.GetProperty("$id").GetString(), StringComparison.Ordinal);
    }

    private static async Task<string> SchemaAsync(TemporaryFolder folder)
    {
        folder.Write(Own, (await Run.Of("export", "--schema")).Output);
        return folder[Own];
    }

    private static async Task WriteAsync(string path, ExportFormat format, ExportWhat what, Core.Scans.StoredFacts facts)
    {
        await using var file = File.Create(path);
        await Exporter.WriteAsync(format, what, facts, file);
    }

    private static async Task<(int Documents, string[] Problems)[]> ValidateAsync(IEnumerable<object> asked) =>
    [
        .. JsonDocument.Parse(await Tools.RunAsync("validate.mjs", JsonSerializer.Serialize(asked))).RootElement.EnumerateArray()
            .Select(answer => (answer.GetProperty("documents").GetInt32(), answer.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToArray())),
    ];
}
