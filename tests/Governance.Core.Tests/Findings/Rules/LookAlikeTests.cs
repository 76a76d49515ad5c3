using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class LookAlikeTests
{
    [Theory]
    [InlineData(null, Severity.Medium)]
    [InlineData(Severity.Low, Severity.High)]
    [InlineData(Severity.Critical, Severity.Critical)]
    public void Severity_follows_what_the_look_alike_holds(Severity? held, Severity expected)
    {
        var app = Some.Assessed(
            classification: Some.Classification(lookalike: Some.Lookalike()),
            permissions: held is { } severity ? [Some.Rated("Mail.Read", severity)] : []);

        var verdict = new LookAlike().Judge(app, Some.Context());

        Assert.Equal(expected, Assert.IsType<Verdict.Violation>(verdict).Severity);
    }

    [Fact]
    public void An_approval_does_not_make_it_genuine()
    {
        var app = Some.Assessed(state: GovernanceState.Approved, classification: Some.Classification(lookalike: Some.Lookalike()));

        Assert.IsType<Verdict.Violation>(new LookAlike().Judge(app, Some.Context()));
    }

    [Fact]
    public void A_genuine_app_passes()
    {
        Assert.IsType<Verdict.Pass>(new LookAlike().Judge(Some.Assessed(), Some.Context()));
    }
}
