using System.Text;
using Governance.Core.Findings;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Findings;

public class FindingRulesTests
{
    public static TheoryData<string> Ids => [.. FindingRules.All.Select(rule => rule.Id)];

    [Fact]
    public void Every_rule_has_a_line_in_the_list_and_ids_are_sorted_and_distinct()
    {
        var classes = typeof(FindingRules).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFindingRule)));

        Assert.Equal(classes.Select(type => type.Name).Order(StringComparer.Ordinal), FindingRules.All.Select(rule => rule.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(FindingRules.All.Select(rule => rule.Id).Distinct().Order(StringComparer.Ordinal), FindingRules.All.Select(rule => rule.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_id_is_the_class_name_in_kebab_case(string id)
    {
        var name = new StringBuilder();
        foreach (var letter in FindingRules.ById(id)!.GetType().Name)
        {
            name.Append(char.IsUpper(letter) && name.Length > 0 ? "-" : string.Empty).Append(char.ToLowerInvariant(letter));
        }

        Assert.Equal(name.ToString(), id);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_page_that_says_why_on_what_evidence_and_what_to_do(string id)
    {
        var page = RulePage.Of(id);

        Assert.NotNull(page);
        Assert.StartsWith("# ", page, StringComparison.Ordinal);
        Assert.Contains("## Why it matters", page, StringComparison.Ordinal);
        Assert.Contains("## Evidence", page, StringComparison.Ordinal);
        Assert.Contains("## Remedy", page, StringComparison.Ordinal);
        Assert.InRange(page.TrimEnd().Split('\n').Length, 10, 30);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_tests_of_its_own_for_a_violation_and_a_pass(string id)
    {
        var name = FindingRules.ById(id)!.GetType().Name + "Tests";
        var tests = GetType().Assembly.GetTypes().SingleOrDefault(type => type.Name == name);

        Assert.NotNull(tests);
        Assert.True(tests.GetMethods().Count(method => method.GetCustomAttributes(typeof(FactAttribute), true).Length > 0) >= 2, $"{name} has fewer than two tests");
    }

    /// <summary>A fault that was not seen in a part cut short was not assessed, whatever the rule: the finding stays, is marked, and is not told again.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void A_part_that_a_rule_rests_on_and_that_was_cut_short_resolves_no_finding_of_it(string id)
    {
        var subject = Some.Id(1).ToString();
        var violation = new Judgement(id, subject, "Chat Tool", new Verdict.Violation(Governance.Core.Risk.Severity.High, "A title.", [new("users", "3")]));
        var whole = Some.Inventory([Some.Principal(1)], Some.Grants(Some.Grant(1, 50, "User.Read")));
        var known = FindingDiff.Apply([], [violation], whole, "s1", Some.Moment, "p1").Findings;
        Assert.Empty(FindingDiff.Apply(known, [violation], whole, "s2", Some.Moment.AddDays(1), "p1").Events);

        foreach (var part in FindingRules.ById(id)!.RestsOn)
        {
            var cut = Some.Inventory([Some.Principal(1)], Some.Grants(Some.Grant(1, 50, "User.Read")), partial: [part]);
            Judgement[][] unseen = [[violation with { Verdict = new Verdict.Pass("gone") }], [violation with { Verdict = new Verdict.NotAssessed($"{part}") }], []];
            foreach (var judgements in unseen)
            {
                var after = FindingDiff.Apply(known, [.. judgements], cut, "s2", Some.Moment.AddDays(1), "p1");

                Assert.True(Assert.Single(after.Findings) is { State: FindingState.Open, Unconfirmed: true }, $"{part}: {after.Findings[0]}");
                Assert.Equal("unconfirmed", Assert.Single(after.Events).Change);
                Assert.Empty(FindingDiff.Apply(after.Findings, [.. judgements], cut, "s3", Some.Moment.AddDays(2), "p1").Events);
            }
        }

        var resolved = FindingDiff.Apply(known, [violation with { Verdict = new Verdict.Pass("gone") }], whole, "s2", Some.Moment.AddDays(1), "p1");
        var reopened = FindingDiff.Apply(resolved.Findings, [violation], whole, "s3", Some.Moment.AddDays(2), "p1");
        Assert.Equal((FindingState.Resolved, ResolutionCause.CompleteEvidence), (resolved.Findings[0].State, resolved.Findings[0].Cause));
        Assert.Equal((known[0].Id, FindingState.Open, "reopened"), (Assert.Single(reopened.Findings).Id, reopened.Findings[0].State, reopened.Events[0].Change));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_rests_on_something(string id)
    {
        Assert.NotEmpty(FindingRules.ById(id)!.RestsOn);
    }

    [Fact]
    public void Every_rule_about_apps_answers_once_and_in_order()
    {
        var judgements = FindingRules.Of(Some.Assessed(), Some.Context());

        Assert.Equal(FindingRules.All.OfType<IAppRule>().Select(rule => rule.Id), judgements.Select(judgement => judgement.Rule));
    }

    [Fact]
    public void An_app_not_seen_is_not_assessed_except_where_policy_decides()
    {
        var context = Some.Context() with { History = new TenantHistory(Some.Moment, [Some.Id(1), Some.Id(2)]) };

        AssessedApp[] apps = [Some.Assessed(1), Some.Assessed(2, GovernanceState.Approved)];
        var judgements = apps.SelectMany(app => FindingRules.Of(app, context)).ToArray();

        Assert.IsType<Verdict.NotAssessed>(judgements.Single(judgement => judgement.Subject == Some.Id(1).ToString() && judgement.Rule == "unapproved-ai-tool").Verdict);
        Assert.IsType<Verdict.Pass>(judgements.Single(judgement => judgement.Subject == Some.Id(2).ToString() && judgement.Rule == "unapproved-ai-tool").Verdict);
    }

    [Fact]
    public void Every_AI_tool_in_use_without_approval_has_exactly_one_violation_about_approval()
    {
        string[] rules = ["unapproved-ai-tool", "denied-tool-consented", "approval-drift", "approval-expired"];
        foreach (var state in Enum.GetValues<GovernanceState>())
        {
            var app = Some.Assessed(state: state);

            var violations = FindingRules.Of(app, Some.Context()).Count(judgement => rules.Contains(judgement.Rule) && judgement.Verdict is Verdict.Violation);

            Assert.Equal(app.Unapproved ? 1 : 0, violations);
        }
    }
}
