using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Findings.Rules;

namespace Governance.Core.Tests.Findings.Rules;

public class DormantAiAccessTests
{
    [Fact]
    public void A_tool_last_used_before_the_boundary_is_dormant()
    {
        var verdict = new DormantAiAccess().Judge(Some.Assessed(lastSignIn: Some.Moment.AddDays(-91)), Some.Context());

        Assert.Contains(new EvidenceItem("last sign-in", "2025-12-31"), Assert.IsType<Verdict.Violation>(verdict).Evidence);
    }

    [Theory]
    [InlineData(-90)]
    [InlineData(-1)]
    [InlineData(400)]
    public void A_tool_used_since_passes_even_when_the_date_lies_in_the_future(int days)
    {
        Assert.IsType<Verdict.Pass>(new DormantAiAccess().Judge(Some.Assessed(lastSignIn: Some.Moment.AddDays(days)), Some.Context()));
    }

    [Fact]
    public void Without_sign_in_activity_it_is_not_assessed()
    {
        var unread = Some.Context(Some.Inventory().Without(InventoryPart.SignInActivity));
        var halfRead = Some.Context(Some.Inventory(partial: InventoryPart.SignInActivity));

        Assert.IsType<Verdict.NotAssessed>(new DormantAiAccess().Judge(Some.Assessed(signInsKnown: false), unread));
        Assert.IsType<Verdict.NotAssessed>(new DormantAiAccess().Judge(Some.Assessed(lastSignIn: Some.Moment.AddDays(-300)), halfRead));
    }

    [Fact]
    public void A_tool_never_used_is_judged_by_its_age()
    {
        var old = Some.Assessed(principal: Some.Principal() with { CreatedAt = Some.Moment.AddDays(-200) });
        var young = Some.Assessed(principal: Some.Principal() with { CreatedAt = Some.Moment.AddDays(-20) });

        Assert.IsType<Verdict.Violation>(new DormantAiAccess().Judge(old, Some.Context()));
        Assert.IsType<Verdict.Pass>(new DormantAiAccess().Judge(young, Some.Context()));
    }
}
