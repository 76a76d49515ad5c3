using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class UnapprovedAiToolTests
{
    [Fact]
    public void An_AI_tool_without_a_decision_is_a_violation_of_its_risk()
    {
        var verdict = new UnapprovedAiTool().Judge(Some.Assessed(risk: Severity.High), Some.Context());

        var violation = Assert.IsType<Verdict.Violation>(verdict);
        Assert.Equal(Severity.High, violation.Severity);
        Assert.Contains(new EvidenceItem("permissions", "User.Read"), violation.Evidence);
    }

    [Fact]
    public void A_tool_under_review_is_still_covered_but_one_step_lower()
    {
        var verdict = new UnapprovedAiTool().Judge(Some.Assessed(state: GovernanceState.UnderReview, risk: Severity.High), Some.Context());

        Assert.Equal(Severity.Medium, Assert.IsType<Verdict.Violation>(verdict).Severity);
    }

    [Theory]
    [InlineData(GovernanceState.Approved)]
    [InlineData(GovernanceState.Drifted)]
    [InlineData(GovernanceState.Expired)]
    [InlineData(GovernanceState.Denied)]
    public void A_decided_tool_passes_by_policy(GovernanceState state)
    {
        var verdict = new UnapprovedAiTool().Judge(Some.Assessed(state: state), Some.Context());

        Assert.Equal(PassBasis.Policy, Assert.IsType<Verdict.Pass>(verdict).Basis);
    }

    [Fact]
    public void Microsofts_own_apps_and_apps_without_consent_pass()
    {
        var firstParty = Some.Assessed(classification: Some.Classification(firstParty: true));
        var withoutConsent = Some.Assessed(permissions: []);

        Assert.IsType<Verdict.Pass>(new UnapprovedAiTool().Judge(firstParty, Some.Context()));
        Assert.IsType<Verdict.Pass>(new UnapprovedAiTool().Judge(withoutConsent, Some.Context()));
    }

    [Fact]
    public void Titles_never_hold_the_name_of_the_app()
    {
        var app = Some.Assessed(principal: Some.Principal(name: "<script>[x](http://evil)"));

        var violation = Assert.IsType<Verdict.Violation>(new UnapprovedAiTool().Judge(app, Some.Context()));

        Assert.DoesNotContain("script", violation.Title, StringComparison.Ordinal);
    }
}
