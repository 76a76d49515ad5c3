using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class ApprovalExpiredTests
{
    [Fact]
    public void An_ended_approval_is_a_violation()
    {
        var verdict = new ApprovalExpired().Judge(Some.Assessed(state: GovernanceState.Expired, risk: Severity.Critical), Some.Context());

        Assert.Equal(Severity.Critical, Assert.IsType<Verdict.Violation>(verdict).Severity);
    }

    [Fact]
    public void A_renewed_approval_passes_by_policy()
    {
        var verdict = new ApprovalExpired().Judge(Some.Assessed(state: GovernanceState.Approved), Some.Context());

        Assert.Equal(PassBasis.Policy, Assert.IsType<Verdict.Pass>(verdict).Basis);
    }

    [Fact]
    public void Without_consent_there_is_nothing_to_renew()
    {
        var verdict = new ApprovalExpired().Judge(Some.Assessed(state: GovernanceState.Expired, permissions: []), Some.Context());

        Assert.IsType<Verdict.Pass>(verdict);
    }
}
