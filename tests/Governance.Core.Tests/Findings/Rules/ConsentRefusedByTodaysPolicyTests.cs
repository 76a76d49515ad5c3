using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Findings.Rules;

namespace Governance.Core.Tests.Findings.Rules;

public class ConsentRefusedByTodaysPolicyTests
{
    private static Verdict Judge(UserConsentPolicy? setting, bool verified = false) => new ConsentRefusedByTodaysPolicy().Judge(
        Some.Assessed(principal: Some.Principal(verified: verified)),
        Some.Context(Some.Inventory(grants: Some.Grants(Some.Grant(1, 11, "User.Read"))) with { UserConsent = setting }));

    [Theory]
    [InlineData(UserConsentPolicy.Nothing, true)]
    [InlineData(UserConsentPolicy.Nothing, false)]
    [InlineData(UserConsentPolicy.VerifiedAndLow, false)]
    public void A_consent_that_the_setting_refuses_is_a_violation(UserConsentPolicy setting, bool verified)
    {
        Assert.IsType<Verdict.Violation>(Judge(setting, verified));
    }

    [Fact]
    public void A_setting_that_allows_any_app_passes()
    {
        Assert.IsType<Verdict.Pass>(Judge(UserConsentPolicy.AnyApp));
    }

    [Fact]
    public void What_cannot_be_told_is_not_assessed()
    {
        Assert.IsType<Verdict.NotAssessed>(Judge(null));
        Assert.IsType<Verdict.NotAssessed>(Judge(UserConsentPolicy.Other));
        Assert.IsType<Verdict.NotAssessed>(Judge(UserConsentPolicy.VerifiedAndLow, verified: true));
    }

    [Fact]
    public void A_consent_of_an_administrator_for_everyone_is_no_consent_of_users()
    {
        var inventory = Some.Inventory(grants: Some.Grants(Some.Grant(1, null, "User.Read"))) with { UserConsent = UserConsentPolicy.Nothing };

        Assert.IsType<Verdict.Pass>(new ConsentRefusedByTodaysPolicy().Judge(Some.Assessed(), Some.Context(inventory)));
    }
}
