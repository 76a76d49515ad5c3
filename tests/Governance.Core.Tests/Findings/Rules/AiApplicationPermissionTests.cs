using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class AiApplicationPermissionTests
{
    [Fact]
    public void An_application_permission_is_at_least_high()
    {
        var app = Some.Assessed(permissions: [Some.Rated(Some.Role("User.Read.All"), Severity.Low)]);

        Assert.Equal(Severity.High, Assert.IsType<Verdict.Violation>(new AiApplicationPermission().Judge(app, Some.Context())).Severity);
    }

    [Fact]
    public void Delegated_permissions_alone_pass_on_facts_and_an_approved_tool_by_policy()
    {
        var approved = Some.Assessed(state: GovernanceState.Approved, permissions: [Some.Rated(Some.Role("User.Read.All"))]);

        Assert.Equal(PassBasis.Facts, Assert.IsType<Verdict.Pass>(new AiApplicationPermission().Judge(Some.Assessed(), Some.Context())).Basis);
        Assert.Equal(PassBasis.Policy, Assert.IsType<Verdict.Pass>(new AiApplicationPermission().Judge(approved, Some.Context())).Basis);
    }
}
