using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class TenantWideAiConsentTests
{
    [Fact]
    public void Severity_is_that_of_what_was_granted_for_everyone()
    {
        var app = Some.Assessed(
            reach: Some.Reach(900, tenantWide: true),
            permissions: [Some.Rated(Some.Scope("Files.Read.All", tenantWide: true), Severity.High), Some.Rated("Mail.Send", Severity.Critical)]);

        var violation = Assert.IsType<Verdict.Violation>(new TenantWideAiConsent().Judge(app, Some.Context()));

        Assert.Equal(Severity.High, violation.Severity);
        Assert.Contains(new EvidenceItem("permissions for every user", "Files.Read.All"), violation.Evidence);
    }

    [Fact]
    public void A_consent_of_single_users_passes_and_an_approved_tool_passes_by_policy()
    {
        var single = new TenantWideAiConsent().Judge(Some.Assessed(), Some.Context());
        var approved = new TenantWideAiConsent().Judge(
            Some.Assessed(state: GovernanceState.Approved, reach: Some.Reach(9, tenantWide: true)), Some.Context());

        Assert.Equal(PassBasis.Facts, Assert.IsType<Verdict.Pass>(single).Basis);
        Assert.Equal(PassBasis.Policy, Assert.IsType<Verdict.Pass>(approved).Basis);
    }
}
