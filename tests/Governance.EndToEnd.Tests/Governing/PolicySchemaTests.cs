using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Governance.Cli;
using Governance.Core;
using Governance.Core.Policy;
using Governance.EndToEnd.Tests.Api;
using Governance.EndToEnd.Tests.Cli;
using Governance.PolicyFile;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>The published schema and the reader of <c>governance.yaml</c> agree, so that an editor says what the program will say.</summary>
public sealed partial class PolicySchemaTests
{
    private static readonly JsonElement SchemaRoot = JsonDocument.Parse(PolicyYaml.Schema).RootElement;

    /// <summary>Every key of the file, with values that mean something.</summary>
    private const string Whole = """
        version: 1
        departmentsOfInterest:
          - Sales
          - name: Marketing
            aliases: [Brand, PR]
        approved:
          - Jasper
          - tool: DeepL
            appId: 11111111-2222-3333-4444-555555555555
            ownerTenant: 66666666-7777-8888-9999-000000000000
            permissions: [User.Read]
            departments: [Marketing]
            dataCategories: [customerPii]
            tenantWide: true
            approvedOn: 2026-01-15
            reviewBy: 2026-07-15
            expiresOn: 2027-01-14
            owner: Head of content
            conditions: no customer data
        denied:
          - tool: ChatGPT
            appId: 11111111-2222-3333-4444-555555555556
            reason: records
        underReview:
          - tool: Claude
            appId: 11111111-2222-3333-4444-555555555557
            dueOn: 2026-03-31
        kpiTargets: {approval-coverage: 92.5}
        dormantAfterDays: 30
        smallestGroupShown: 10
        trainingGroup: 99999999-8888-7777-6666-555555555555
        signOffRoles: [brand, legal]
        reviewPeriods: {requestDays: 5, reviewDays: 100, approvalDays: 200}
        revocation: {approvers: 2, mostItems: 50, mostUsers: 20, validDays: 7, protectedApps: [11111111-2222-3333-4444-555555555555]}
        retention: {inventoryDays: 30, resolvedFindingDays: 400, kpiDays: 1000, decisionTextDays: 800}
        digests:
          - name: leads
            audience: executive
            language: de
            period: week
            at: "07:30"
            zone: Europe/Berlin
            urlEnv: TEAMS_URL
            auth: sas
            cloud: public
            cardVersion: "1.5"
            allowedHosts: [flows.example]
            reportUrl: https://intranet.example/report
            alerts: true
            tenants: [aaaabbbb-0000-cccc-1111-dddd2222eeee]

        """;

    [Fact]
    public void The_sample_the_demo_s_policy_and_a_file_with_every_key_fit_both()
    {
        Agree(PolicyYaml.Sample, good: true);
        Agree(Governance.Cli.Demo.DemoPolicy.Text(new DateOnly(2026, 4, 1), Guid.NewGuid()), good: true);
        Agree(Whole, good: true);
    }

    [Fact]
    public void CF_4_an_unknown_key_is_refused_by_both_wherever_it_stands_and_the_nearest_name_is_told()
    {
        var keys = Key().Matches(Whole);
        Assert.True(keys.Count > 50, $"{keys.Count} keys");
        foreach (var key in keys.Select(match => match.Groups[1]))
        {
            var broken = Whole[..(key.Index + key.Length)] + "x" + Whole[(key.Index + key.Length)..];

            Assert.True(SchemaProblems(broken).Any(), $"the schema takes {key.Value}x");
            var problems = Bad(broken);
            Assert.Contains(problems, problem => problem.Message.Contains($"'{key.Value}x'", StringComparison.Ordinal) && problem.Message.Contains($"'{key.Value}'", StringComparison.Ordinal));
            var (line, column) = Place(broken, key.Index);
            Assert.Contains(problems, problem => (problem.Line, problem.Column) == (line, column));
        }
    }

    [Theory]
    [InlineData("version: 1")]
    [InlineData("approved: []")]
    [InlineData("version: 2\napproved: []")]
    [InlineData("version: '1'\napproved: []")]
    [InlineData("version: 1\napproved:")]
    [InlineData("version: 1\napproved: Jasper")]
    [InlineData("version: 1\napproved: ['']")]
    [InlineData("version: 1\napproved: [{owner: me}]")]
    [InlineData("version: 1\napproved: [{tool: Jasper, expiresOn: 2026-1-3}]")]
    [InlineData("version: 1\napproved: [{tool: Jasper, tenantWide: yes}]")]
    [InlineData("version: 1\napproved: [{tool: Jasper, appId: nonsense}]")]
    [InlineData("version: 1\napproved: [{tool: Jasper, permissions: User.Read}]")]
    [InlineData("version: 1\napproved: [{tool: Jasper, dataCategories: [customerPI]}]")]
    [InlineData("version: 1\napproved: []\ndormantAfterDays: 0")]
    [InlineData("version: 1\napproved: []\ndormantAfterDays: -1")]
    [InlineData("version: 1\napproved: []\nsmallestGroupShown: many")]
    [InlineData("version: 1\napproved: []\nkpiTargets: {approval-coverage: high}")]
    [InlineData("version: 1\napproved: []\nkpiTargets: {coverage: 3}")]
    [InlineData("version: 1\napproved: []\nsignOffRoles: []")]
    [InlineData("version: 1\napproved: []\nreviewPeriods: {requestDays: 0}")]
    [InlineData("version: 1\napproved: []\nrevocation: {approvers: 9}")]
    [InlineData("version: 1\napproved: []\nrevocation: {protectedApps: [graph]}")]
    [InlineData("version: 1\napproved: []\nretention: {kpiDays: 1}")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, url: 'https://x.example/', urlEnv: B}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, url: 'https://x.example/?sig=1'}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, urlEnv: B, at: 25:00}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, urlEnv: B, language: es}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, urlEnv: B, tenants: []}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, urlEnv: B, tenants: [contoso]}]")]
    public void CF_4_what_one_refuses_the_other_refuses(string text) => Agree(text, good: false);

    [Theory]
    [InlineData("version: 1\napproved: []")]
    [InlineData("version: 1\napproved: [Jasper]\ndenied: []\nunderReview: []\ndigests: []")]
    [InlineData("version: 1\napproved: [{appId: 11111111-2222-3333-4444-555555555555}]")]
    [InlineData("version: 1\napproved: []\ndigests: [{name: a, urlEnv: B, cardVersion: 1.4}]")]
    public void What_one_takes_the_other_takes(string text) => Agree(text, good: true);

    [Fact]
    public void CF_5_an_empty_approval_list_has_to_be_stated_on_purpose()
    {
        Agree("version: 1\napproved: []", good: true);
        Agree("version: 1", good: false);
        Agree(string.Empty, good: false);
    }

    [Fact]
    public async Task Init_writes_the_schema_that_the_first_line_of_the_file_names_so_that_editors_complete_it()
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of("policy", "init", folder["governance.yaml"]);

        Assert.True(run.Code == 0, run.Notes);
        var named = Regex.Match(await File.ReadAllTextAsync(folder["governance.yaml"]), @"yaml-language-server: \$schema=(\S+)").Groups[1].Value;
        Assert.Equal(PolicyYaml.Schema, await File.ReadAllTextAsync(folder[named]));
        Assert.Equal(2, (await Run.Of("policy", "init", folder["governance.yaml"])).Code);
        Assert.Equal(0, (await Run.Of("policy", "validate", folder["governance.yaml"])).Code);
        Assert.Equal(PolicyYaml.Schema, (await Run.Of("policy", "schema")).Output);
    }

    private static void Agree(string text, bool good)
    {
        var (schema, reader) = (SchemaProblems(text).ToArray(), PolicyYaml.Read(text, _ => true) as Parsed<GovernancePolicy>.Bad);
        Assert.True(good == (schema.Length == 0), $"schema: {string.Join("; ", schema.DefaultIfEmpty("takes it"))}");
        Assert.True(good == reader is null, $"reader: {string.Join("; ", reader?.Problems.Select(problem => problem.Message) ?? ["takes it"])}");
    }

    private static System.Collections.Immutable.ImmutableArray<Problem> Bad(string text) => Assert.IsType<Parsed<GovernancePolicy>.Bad>(PolicyYaml.Read(text, _ => true)).Problems;

    private static IEnumerable<string> SchemaProblems(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var node = stream.Documents.Count == 0 ? null : Json(stream.Documents[0].RootNode);
        return Schema.Problems(SchemaRoot, SchemaRoot, JsonDocument.Parse(node?.ToJsonString() ?? "null").RootElement, "policy");
    }

    /// <summary>YAML as an editor reads it (core schema): what is quoted is text, what is not may be a number or a truth.</summary>
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Json(child.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => plain.Value switch
        {
            null or "" or "null" or "~" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            { } word when Number().IsMatch(word) => JsonNode.Parse(word),
            var word => JsonValue.Create(word),
        },
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new NotSupportedException(),
    };

    private static (int Line, int Column) Place(string text, int index) => (text[..index].Count(sign => sign == '\n') + 1, index - text.LastIndexOf('\n', Math.Max(0, index - 1)));

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=^[ -]*|[{,] ?)([A-Za-z][\w-]*)(?=:( |\n))", RegexOptions.Multiline)]
    private static partial Regex Key();
}
