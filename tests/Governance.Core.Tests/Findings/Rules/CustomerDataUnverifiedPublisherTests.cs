using Governance.Core.Catalogue;
using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class CustomerDataUnverifiedPublisherTests
{
    private static readonly RatedPermission Mail = Some.Rated("Mail.Read", Severity.High, DataCategory.CustomerPii);

    [Fact]
    public void Customer_data_with_an_unverified_publisher_is_high()
    {
        var app = Some.Assessed(principal: Some.Principal(verified: false), permissions: [Mail]);

        Assert.Equal(Severity.High, Assert.IsType<Verdict.Violation>(new CustomerDataUnverifiedPublisher().Judge(app, Some.Context())).Severity);
    }

    [Fact]
    public void For_the_whole_tenant_it_is_critical()
    {
        var role = Some.Rated(Some.Role("Mail.Read"), Severity.Critical, DataCategory.CustomerPii);
        var app = Some.Assessed(principal: Some.Principal(verified: false), permissions: [role]);

        Assert.Equal(Severity.Critical, Assert.IsType<Verdict.Violation>(new CustomerDataUnverifiedPublisher().Judge(app, Some.Context())).Severity);
    }

    [Fact]
    public void Verified_publishers_harmless_permissions_and_home_made_apps_pass()
    {
        var verified = Some.Assessed(permissions: [Mail]);
        var harmless = Some.Assessed(principal: Some.Principal(verified: false));
        var homeMade = Some.Assessed(
            principal: Some.Principal(verified: false), permissions: [Mail], classification: Some.Classification(Some.Ai(isInternal: true)));

        Assert.All([verified, harmless, homeMade], app => Assert.IsType<Verdict.Pass>(new CustomerDataUnverifiedPublisher().Judge(app, Some.Context())));
    }

    [Fact]
    public void Signs_of_AI_are_enough_but_a_product_known_not_to_be_AI_is_left_alone()
    {
        var signs = Some.Assessed(principal: Some.Principal(verified: false), permissions: [Mail], classification: Some.Unknown(Some.Sign()));
        var notAi = Some.Assessed(
            principal: Some.Principal(verified: false),
            permissions: [Mail],
            classification: Some.Classification(Some.Ai(AiVerdict.NotAi) with { Evidence = [Some.Sign()] }));

        Assert.IsType<Verdict.Violation>(new CustomerDataUnverifiedPublisher().Judge(signs, Some.Context()));
        Assert.IsType<Verdict.Pass>(new CustomerDataUnverifiedPublisher().Judge(notAi, Some.Context()));
    }
}
