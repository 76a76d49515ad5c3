using Governance.Core.Catalogue;
using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class DeniedToolConsentedTests
{
    [Fact]
    public void A_denied_tool_with_consent_is_at_least_high()
    {
        var verdict = new DeniedToolConsented().Judge(Some.Assessed(state: GovernanceState.Denied, risk: Severity.Low), Some.Context());

        Assert.Equal(Severity.High, Assert.IsType<Verdict.Violation>(verdict).Severity);
    }

    [Fact]
    public void A_denied_tool_that_is_not_AI_counts_too()
    {
        var app = Some.Assessed(state: GovernanceState.Denied, classification: Some.Classification(Some.Ai(AiVerdict.NotAi)));

        Assert.IsType<Verdict.Violation>(new DeniedToolConsented().Judge(app, Some.Context()));
    }

    [Fact]
    public void A_denied_tool_without_consent_passes_on_facts_and_another_by_policy()
    {
        var gone = new DeniedToolConsented().Judge(Some.Assessed(state: GovernanceState.Denied, permissions: []), Some.Context());
        var allowed = new DeniedToolConsented().Judge(Some.Assessed(state: GovernanceState.Approved), Some.Context());

        Assert.Equal(PassBasis.Facts, Assert.IsType<Verdict.Pass>(gone).Basis);
        Assert.Equal(PassBasis.Policy, Assert.IsType<Verdict.Pass>(allowed).Basis);
    }
}
