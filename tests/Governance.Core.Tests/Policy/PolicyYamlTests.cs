using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.PolicyFile;

namespace Governance.Core.Tests.Policy;

public class PolicyYamlTests
{
    private const string Head = "version: 1\n";

    [Fact]
    public void The_sample_is_a_policy_without_mistakes()
    {
        var policy = Good(PolicyYaml.Sample);

        Assert.Empty(policy.Approved);
        Assert.Equal("Marketing", policy.Departments.NameOf("市场部"));
    }

    [Fact]
    public void The_example_entries_of_the_sample_are_right_once_uncommented()
    {
        var lines = PolicyYaml.Sample.Split('\n').SkipWhile(line => !line.Contains("- tool: Example Writer", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('#'));
        var text = Head + "approved:\n" + string.Join('\n', lines.Select(line => line[1..]));

        var approval = Assert.Single(Good(text, known: name => name == "Example Writer").Approved);

        Assert.Equal(new DateOnly(2027, 1, 14), approval.ExpiresOn);
        Assert.Equal(["User.Read", "offline_access"], approval.Permissions!.Value.AsEnumerable());
    }

    [Fact]
    public void Every_key_arrives_where_it_belongs()
    {
        var policy = Good(Head + """
            departmentsOfInterest:
              - Sales
              - {name: Marketing, aliases: [Brand, brand]}
            approved:
              - Chat Tool
              - tool: Writer
                appId: 11111111-2222-3333-4444-555555555555
                ownerTenant: 66666666-7777-8888-9999-000000000000
                permissions: []
                departments: [Marketing]
                tenantWide: true
                approvedOn: 2026-01-15
                reviewBy: 2026-07-15
                expiresOn: 2027-01-14
                owner: "Head: of content"
                conditions: >
                  no customer
                  data
            denied: [{tool: Bad Tool, reason: records}]
            underReview: [{appId: 11111111-2222-3333-4444-555555555556, dueOn: 2026-03-31}]
            kpiTargets: {approval-coverage: 92.5}
            dormantAfterDays: 30
            smallestGroupShown: 10
            trainingGroup: 99999999-8888-7777-6666-555555555555
            """);

        Assert.Equal(["Sales", "Marketing"], policy.DepartmentsOfInterest.Select(department => department.Name));
        Assert.Equal("Chat Tool", policy.Approved[0].Tool.Tool);
        Assert.Null(policy.Approved[0].Permissions);
        var writer = policy.Approved[1];
        Assert.Empty(writer.Permissions!.Value);
        Assert.True(writer.TenantWide);
        Assert.Equal((new DateOnly(2026, 1, 15), new DateOnly(2026, 7, 15), new DateOnly(2027, 1, 14)), (writer.ApprovedOn, writer.ReviewBy, writer.ExpiresOn));
        Assert.Equal(("Head: of content", "no customer data"), (writer.Owner, writer.Conditions));
        Assert.Equal("66666666-7777-8888-9999-000000000000", writer.Tool.OwnerTenantId.ToString());
        Assert.Equal("records", Assert.Single(policy.Denied).Reason);
        Assert.Equal(new DateOnly(2026, 3, 31), Assert.Single(policy.UnderReview).DueOn);
        Assert.Equal(92.5m, policy.KpiTargets["approval-coverage"]);
        Assert.Equal((30, 10), (policy.DormantAfterDays, policy.SmallestGroupShown));
        Assert.Equal("99999999-8888-7777-6666-555555555555", policy.TrainingGroupId.ToString());
    }

    [Fact]
    public void What_the_file_leaves_out_keeps_the_built_in_value()
    {
        var policy = Good(Head + "approved: []");

        Assert.Equal(GovernancePolicy.BuiltIn.Version, policy.Version);
        Assert.Equal("Marketing", policy.Departments.NameOf("マーケティング部"));
    }

    [Theory]
    [InlineData("version: 1\naproved: []", 2, 1, "unknown key 'aproved' (did you mean 'approved'?)")]
    [InlineData("version: 1", 1, 1, "'approved' is missing")]
    [InlineData("approved: []", 1, 1, "'version' is missing")]
    [InlineData("version: 2\napproved: []", 1, 10, "'version' must be 1, not '2'")]
    [InlineData("version: 1\napproved:", 2, 10, "must be a list, not nothing")]
    [InlineData("version: 1\napproved: Chat Tool", 2, 11, "must be a list, not a single value")]
    [InlineData("version: 1\napproved: []\napproved: []", 3, 1, "'approved' stands twice, first in line 2")]
    [InlineData("version: 1\napproved: [Chatt Tool]", 2, 12, "the catalogue has no tool 'Chatt Tool' (did you mean 'Chat Tool'?)")]
    [InlineData("version: 1\napproved: [{owner: me}]", 2, 12, "needs 'tool' or 'appId'")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, expiresOn: 2026-02-30}]", 2, 41, "day of the calendar")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, expiresOn: 2026-1-3}]", 2, 41, "day of the calendar")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, approvedOn: 2026-02-02, expiresOn: 2026-02-01}]", 2, 65, "lies before 'approvedOn'")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, tenantWide: yes}]", 2, 42, "must be true or false")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, tenantWide: 'true'}]", 2, 42, "must be true or false")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, appId: nonsense}]", 2, 37, "must be an id")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, permissions: Mail.Read}]", 2, 43, "must be a list")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, permissions: [[]]}]", 2, 44, "must be a text, not a list")]
    [InlineData("version: 1\napproved: [{tool: Chat Tool, permisions: []}]", 2, 30, "did you mean 'permissions'")]
    [InlineData("version: 1\napproved: [Chat Tool]\ndenied: [chat tool]", 3, 10, "is denied here and approved in line 2")]
    [InlineData("version: 1\napproved: []\nkpiTargets: {approval-coverag: 1}", 3, 14, "unknown KPI 'approval-coverag' (did you mean 'approval-coverage'?)")]
    [InlineData("version: 1\napproved: []\nkpiTargets: {approval-coverage: -1}", 3, 33, "number of 0 or more")]
    [InlineData("version: \"1\"\napproved: []", 1, 10, "'version' must be 1, not the text '1'")]
    [InlineData("version: 1\napproved: []\ndormantAfterDays: 0", 3, 19, "whole number from 1 to 3650")]
    [InlineData("version: 1\napproved: []\ndormantAfterDays: 9999999999", 3, 19, "whole number from 1 to 3650")]
    [InlineData("version: 1\napproved: []\ndepartmentsOfInterest: [{name: A, aliases: [x]}, {name: B, aliases: [X]}]", 3, 50, "already means the department 'A'")]
    [InlineData("version: 1\napproved: &a []\ndenied: *a", 2, 11, "anchor")]
    [InlineData("version: 1\napproved: !!python/object []", 2, 11, "tag")]
    [InlineData("version: 1\napproved: []\n---\nversion: 1", 3, 1, "second document")]
    [InlineData("version: 1\n\tapproved: []", 2, 1, "tab")]
    [InlineData("version: 1\napproved: [", 3, 1, "not readable as YAML")]
    [InlineData("", 1, 1, "empty")]
    [InlineData("# nothing", 1, 1, "empty")]
    [InlineData("- a", 1, 1, "must be a group of keys, not a list")]
    [InlineData("just text", 1, 1, "must be a group of keys")]
    [InlineData("? [a]\n: b", 1, 3, "a key must be a single word")]
    public void A_mistake_is_named_with_its_place(string text, int line, int column, string part)
    {
        var problems = Bad(text);

        Assert.Contains(problems, problem => problem.Line == line && problem.Column == column && problem.Message.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var problems = Bad("vresion: 1\napproved:\n  - tool: Chat Tool\n    expiresOn: never\n  - appId: 5\ntrainingGroup: x\n");

        Assert.Equal([1, 1, 4, 5, 6], problems.Select(problem => problem.Line));
    }

    [Fact]
    public void A_denial_of_one_app_id_beside_an_approval_by_name_is_sense()
    {
        var policy = Good(Head + "approved: [Chat Tool]\ndenied: [{tool: Chat Tool, appId: 11111111-2222-3333-4444-555555555555}]");

        Assert.Single(policy.Denied);
    }

    [Fact]
    public void An_unknown_tool_needs_its_app_id()
    {
        var policy = Good(Head + "approved: [{tool: Our Own Bot, appId: 11111111-2222-3333-4444-555555555555}]");

        Assert.Equal("Our Own Bot", policy.Approved[0].Tool.Tool);
    }

    [Fact]
    public void Bombs_are_refused_before_they_grow()
    {
        var deep = Head + "approved: " + new string('[', 100_000);
        var large = Head + "approved: []\n# " + new string('x', PolicyYaml.LargestBytes);
        var laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n";

        Assert.Contains(Bad(deep), problem => problem.Message.Contains("nested deeper", StringComparison.Ordinal));
        Assert.Contains(Bad(large), problem => problem.Message.Contains("larger than", StringComparison.Ordinal));
        Assert.Contains(Bad(laughs), problem => problem.Message.Contains("anchor", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_of_the_file_cannot_break_a_message_into_lines_or_hide_in_it()
    {
        var problems = Bad(Head + "approved: []\n\"evil\\n\\u202Ekey" + new string('y', 500) + "\": 1");

        var message = Assert.Single(problems).Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\u202E', message);
        Assert.True(message.Length < 200);
    }

    [Fact]
    public void Random_text_never_throws()
    {
        var random = new Random(7);
        const string Letters = "abc:-[]{}#&*!|>'\"%@`,? \n\n\t1 ~\u00e4\u4e2d\0";
        for (var round = 0; round < 5_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => Letters[random.Next(Letters.Length)])]);

            var parsed = PolicyYaml.Read(round % 2 == 0 ? text : Head + "approved: []\n" + text, _ => true);

            Assert.True(parsed is Parsed<GovernancePolicy>.Good or Parsed<GovernancePolicy>.Bad { Problems.Length: > 0 });
        }
    }

    [Fact]
    public void The_version_is_the_same_for_the_same_meaning_and_another_for_another()
    {
        var one = Good(Head + "approved: [{tool: Chat Tool, permissions: [A, b]}, Writer]\ndormantAfterDays: 90");
        var same = Good("# comment\napproved:\n  - 'writer'\n  - {permissions: [B, a], tool: chat tool, tenantWide: false}\nversion: 1");
        var others = new[]
        {
            "approved: [Writer, {tool: Chat Tool, permissions: [a]}]",
            "approved: [Writer, {tool: Chat Tool}]",
            "approved: [Writer, {tool: Chat Tool, permissions: [a, b], tenantWide: true}]",
            "approved: [Writer, {tool: Chat Tool, permissions: [a, b], expiresOn: 2026-01-01}]",
            "approved: [Writer, {tool: Chat Tool, permissions: [a, b]}]\nsmallestGroupShown: 4",
            "approved: []\nunderReview: [Writer, {tool: Chat Tool}]",
            "approved: []\ndenied: [Writer, {tool: Chat Tool}]",
        }.Select(text => Good(Head + text).Version).ToArray();

        Assert.Equal(one.Version, same.Version);
        Assert.Matches("^[0-9a-f]{12}$", one.Version);
        Assert.Equal(others.Length + 1, others.Append(one.Version).Distinct().Count());
    }

    [Fact]
    public void The_schema_knows_exactly_the_keys_of_the_reader()
    {
        using var schema = JsonDocument.Parse(PolicyYaml.Schema);
        var root = schema.RootElement;

        Assert.Equal(PolicyKeys.Top.Order(StringComparer.Ordinal), Keys(root));
        Assert.Equal(PolicyKeys.Approved.Order(StringComparer.Ordinal), Keys(root.GetProperty("$defs").GetProperty("approval")));
        Assert.Equal(PolicyKeys.Denied.Order(StringComparer.Ordinal), Keys(root.GetProperty("$defs").GetProperty("denial")));
        Assert.Equal(PolicyKeys.UnderReview.Order(StringComparer.Ordinal), Keys(root.GetProperty("$defs").GetProperty("review")));
        Assert.Equal(PolicyKeys.Department.Order(StringComparer.Ordinal), Keys(root.GetProperty("properties").GetProperty("departmentsOfInterest").GetProperty("items").GetProperty("oneOf")[1]));
        Assert.Equal(KpiCatalogue.Ids.Order(StringComparer.Ordinal), Keys(root.GetProperty("properties").GetProperty("kpiTargets")));
        Assert.Equal(PolicyKeys.ReviewPeriods.Order(StringComparer.Ordinal), Keys(root.GetProperty("properties").GetProperty("reviewPeriods")));
        Assert.Equal(PolicyKeys.Revocation.Order(StringComparer.Ordinal), Keys(root.GetProperty("properties").GetProperty("revocation")));
        Assert.Equal(PolicyKeys.Retention.Order(StringComparer.Ordinal), Keys(root.GetProperty("properties").GetProperty("retention")));
        Assert.Equal(Enum.GetValues<Governance.Core.Risk.DataCategory>().Select(Governance.Core.Risk.DataOpened.NameOf), PolicyKeys.DataCategories);
    }

    [Fact]
    public void Roles_periods_limits_and_retention_are_read_and_change_the_version()
    {
        var policy = Good(Head + "approved: []\nsignOffRoles: [brand, legal]\nreviewPeriods: {requestDays: 5}\nrevocation: {approvers: 2, protectedApps: [11111111-2222-3333-4444-555555555555]}\nretention: {inventoryDays: 30}");

        Assert.Equal(["brand", "legal"], policy.SignOffRoles.AsEnumerable());
        Assert.Equal(new ReviewPeriods(5, 180, 365), policy.ReviewPeriods);
        Assert.Equal((2, 100, Guid.Parse("11111111-2222-3333-4444-555555555555")), (policy.Revocation.Approvers, policy.Revocation.MostItems, policy.Revocation.ProtectedApps.Single()));
        Assert.Equal(new RetentionPeriods(30, null, null, null), policy.Retention);
        Assert.NotEqual(Good(Head + "approved: []").Version, policy.Version);
        Assert.Equal(Good(Head + "approved: []").Version, Good(Head + "approved: []\nsignOffRoles: [marketing, legal, security]").Version);
    }

    [Theory]
    [InlineData("signOffRoles: []", "at least one role")]
    [InlineData("reviewPeriods: {reviewDays: 400}", "must not be more than")]
    [InlineData("reviewPeriods: 3", "group of keys")]
    [InlineData("revocation: {approvers: 0}", "from 1 to 5")]
    [InlineData("revocation: {protectedApps: [graph]}", "ids such as")]
    [InlineData("revocation: {mostItem: 3}", "did you mean 'mostItems'")]
    [InlineData("retention: {kpiDays: 1}", "from 30")]
    public void A_mistake_in_how_decisions_are_made_is_named(string text, string named) =>
        Assert.Contains(named, Assert.Single(Bad(Head + "approved: []\n" + text)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_kind_of_data_is_named()
    {
        var problem = Assert.Single(Bad(Head + "approved:\n  - tool: Writer\n    dataCategories: [customerPI]"));

        Assert.Contains("did you mean 'customerPii'", problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Kpis => [.. KpiCatalogue.All.Select(kpi => kpi.Id)];

    [Theory]
    [MemberData(nameof(Kpis))]
    public void A_target_can_be_set_for_every_kpi(string kpi)
    {
        var policy = Good($"{Head}approved: []\nkpiTargets: {{{kpi}: 7}}");

        Assert.Equal(7, policy.KpiTargets[kpi]);
    }

    [Fact]
    public void The_built_in_targets_are_for_known_kpis()
    {
        Assert.Subset(KpiCatalogue.Ids.ToHashSet(), GovernancePolicy.BuiltIn.KpiTargets.Keys.ToHashSet());
    }

    [Theory]
    [InlineData("Brand")]
    [InlineData("  marketing und kommunikation ")]
    [InlineData("Relations publiques")]
    [InlineData("Comunicación")]
    [InlineData("Pubblicità")]
    [InlineData("市场营销部")]
    [InlineData("広報部")]
    public void Marketing_is_found_in_the_languages_of_the_directory(string department)
    {
        Assert.Equal("Marketing", GovernancePolicy.BuiltIn.Departments.NameOf(department));
    }

    private static IEnumerable<string> Keys(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private static GovernancePolicy Good(string text, Func<string, bool>? known = null)
    {
        var parsed = PolicyYaml.Read(text, known ?? Known);
        Assert.True(parsed is Parsed<GovernancePolicy>.Good, parsed is Parsed<GovernancePolicy>.Bad bad ? string.Create(CultureInfo.InvariantCulture, $"{bad.Problems[0]}") : null);
        return ((Parsed<GovernancePolicy>.Good)parsed).Value;
    }

    private static ImmutableArray<Problem> Bad(string text) =>
        Assert.IsType<Parsed<GovernancePolicy>.Bad>(PolicyYaml.Read(text, Known, ["Chat Tool", "Writer", "Bad Tool"])).Problems;

    private static bool Known(string name) => new[] { "Chat Tool", "Writer", "Bad Tool" }.Contains(name, StringComparer.OrdinalIgnoreCase);
}
