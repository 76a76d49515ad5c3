using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class ApprovalDriftTests
{
    [Fact]
    public void A_tool_beyond_its_approval_is_at_least_medium()
    {
        var verdict = new ApprovalDrift().Judge(Some.Assessed(state: GovernanceState.Drifted, risk: Severity.Low), Some.Context());

        Assert.Equal(Severity.Medium, Assert.IsType<Verdict.Violation>(verdict).Severity);
    }

    [Fact]
    public void Within_bounds_passes_on_facts_since_something_unseen_may_lie_beyond()
    {
        var verdict = new ApprovalDrift().Judge(Some.Assessed(state: GovernanceState.Approved), Some.Context());

        Assert.Equal(PassBasis.Facts, Assert.IsType<Verdict.Pass>(verdict).Basis);
    }
}
