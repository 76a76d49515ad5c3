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
