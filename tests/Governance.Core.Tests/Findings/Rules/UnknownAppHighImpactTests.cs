using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class UnknownAppHighImpactTests
{
    [Fact]
    public void Signs_of_AI_with_high_permissions_are_a_violation()
    {
        var app = Some.Assessed(classification: Some.Unknown(Some.Sign()), permissions: [Some.Rated("Mail.Read", Severity.High)]);

        Assert.Equal(Severity.High, Assert.IsType<Verdict.Violation>(new UnknownAppHighImpact().Judge(app, Some.Context())).Severity);
    }

    [Fact]
    public void Without_signs_or_without_high_permissions_it_passes()
    {
        var signless = Some.Assessed(classification: Some.Unknown(), permissions: [Some.Rated("Mail.Read", Severity.High)]);
        var against = Some.Assessed(classification: Some.Unknown(Some.Sign(-0.5)), permissions: [Some.Rated("Mail.Read", Severity.High)]);
        var harmless = Some.Assessed(classification: Some.Unknown(Some.Sign()));

        Assert.All([signless, against, harmless], app => Assert.IsType<Verdict.Pass>(new UnknownAppHighImpact().Judge(app, Some.Context())));
    }

    [Fact]
    public void A_holder_of_consent_that_the_directory_does_not_list_is_kept_as_a_finding()
    {
        var orphan = Some.Assessed(classification: Some.Unknown(), principal: new ServicePrincipal { Id = Some.Id(7), Orphan = true });

        var violation = Assert.IsType<Verdict.Violation>(new UnknownAppHighImpact().Judge(orphan, Some.Context()));

        Assert.Contains(new EvidenceItem("service principal", Some.Id(7).ToString()), violation.Evidence);
    }
}
