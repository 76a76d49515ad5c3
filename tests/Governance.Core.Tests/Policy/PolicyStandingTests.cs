using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Policy;

public class PolicyStandingTests
{
    [Fact]
    public void An_ai_tool_that_no_entry_names_is_unapproved()
    {
        var standing = Of(Some.App(), Some.Classification(), Some.Policy());

        Assert.Equal(new Standing(GovernanceState.Unapproved, "no approval names it", null), standing);
    }

    [Theory]
    [InlineData(AiVerdict.NotAi)]
    [InlineData(AiVerdict.Unknown)]
    [InlineData(AiVerdict.AiFeature)]
    public void What_is_no_ai_product_is_not_governed(AiVerdict verdict)
    {
        var standing = Of(Some.App(), Some.Classification(Some.Ai(verdict)), Some.Policy());

        Assert.Equal(GovernanceState.NotApplicable, standing.State);
    }

    [Fact]
    public void A_product_with_ai_in_it_is_governed_when_the_policy_names_it()
    {
        var feature = Some.Classification(Some.Ai(AiVerdict.AiFeature));

        Assert.Equal(GovernanceState.Denied, Of(Some.App(), feature, Some.Policy(denied: [new ToolDenial(Some.Tool(), "no")])).State);
        Assert.Equal(GovernanceState.Approved, Of(Some.App(), feature, Some.Policy([Some.Approval()])).State);
        Assert.Contains("AI is a feature", Of(Some.App(), feature, Some.Policy()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_denial_beats_an_approval()
    {
        var policy = Some.Policy([Some.Approval()], [new ToolDenial(Some.Tool(), "trains on inputs")]);

        var standing = Of(Some.App(), Some.Classification(), policy);

        Assert.Equal(new Standing(GovernanceState.Denied, "trains on inputs", "Chat Tool"), standing);
    }

    [Theory]
    [InlineData(IdentityProof.None, GovernanceState.Unapproved)]
    [InlineData(IdentityProof.Name, GovernanceState.Unapproved)]
    [InlineData(IdentityProof.Domain, GovernanceState.Approved)]
    [InlineData(IdentityProof.Publisher, GovernanceState.Approved)]
    [InlineData(IdentityProof.AppId, GovernanceState.Approved)]
    public void An_approval_by_name_needs_a_proven_identity(IdentityProof proof, GovernanceState expected)
    {
        var standing = Of(Some.App(), Some.Classification(Some.Ai(proof: proof)), Some.Policy([Some.Approval()]));

        Assert.Equal(expected, standing.State);
        Assert.Equal(expected == GovernanceState.Unapproved, standing.Reason.Contains("identity is not proven", StringComparison.Ordinal));
    }

    [Fact]
    public void A_look_alike_gets_nothing_from_an_approval_or_review_by_name()
    {
        var fake = Some.Classification(Some.Ai(proof: IdentityProof.Publisher), Some.Lookalike());

        Assert.Equal(GovernanceState.Unapproved, Of(Some.App(), fake, Some.Policy([Some.Approval()])).State);
        Assert.Equal(GovernanceState.Unapproved, Of(Some.App(), fake, Some.Policy(underReview: [new ToolReview(Some.Tool(), null)])).State);
        Assert.Equal(GovernanceState.Denied, Of(Some.App(), fake, Some.Policy(denied: [new ToolDenial(Some.Tool(), "no")])).State);
    }

    [Fact]
    public void An_approval_by_app_id_needs_no_other_proof_and_fits_no_other_app()
    {
        var policy = Some.Policy([Some.Approval(new ToolReference("Chat Tool", Some.Id(100_001), null))]);
        var byName = Some.Classification(Some.Ai(proof: IdentityProof.Name));

        Assert.Equal(GovernanceState.Approved, Of(Some.App(), byName, policy).State);
        Assert.Equal(GovernanceState.Unapproved, Of(Some.App(Some.Principal(2)), Some.Classification(), policy).State);
    }

    [Theory]
    [InlineData("2026-04-01", GovernanceState.Approved)]
    [InlineData("2026-03-31", GovernanceState.Expired)]
    public void An_approval_holds_to_the_end_of_its_last_day(string end, GovernanceState expected)
    {
        var policy = Some.Policy([Some.Approval(expiresOn: DateOnly.Parse(end))]);

        var standing = Of(Some.App(), Some.Classification(), policy);

        Assert.Equal(expected, standing.State);
        Assert.Contains(end, standing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Permissions_beyond_the_approval_are_named_and_case_makes_no_difference()
    {
        var app = Some.App(permissions: [Some.Scope("user.read"), Some.Scope("Mail.Read"), Some.Scope("Files.Read.All")]);
        var policy = Some.Policy([Some.Approval(permissions: ["User.Read", "MAIL.READ"])]);

        var standing = Of(app, Some.Classification(), policy);

        Assert.Equal(new Standing(GovernanceState.Drifted, "beyond its approval: permissions Files.Read.All", "Chat Tool"), standing);
    }

    [Fact]
    public void An_approval_without_permissions_allows_none()
    {
        var standing = Of(Some.App(), Some.Classification(), Some.Policy([Some.Approval(permissions: [])]));

        Assert.Equal(GovernanceState.Drifted, standing.State);
    }

    [Fact]
    public void A_consent_from_another_department_is_drift_and_an_alias_of_the_allowed_one_is_not()
    {
        var app = Some.App(reach: Some.Reach(3, false, ("Marketing", 2), ("Finance", 1)));

        var drifted = Of(app, Some.Classification(), Some.Policy([Some.Approval(departments: ["Brand"])]));
        var approved = Of(app, Some.Classification(), Some.Policy([Some.Approval(departments: ["Brand", "Finance"])]));

        Assert.Equal("beyond its approval: used in Finance", drifted.Reason);
        Assert.Equal(GovernanceState.Approved, approved.State);
    }

    [Fact]
    public void A_tenant_wide_consent_is_drift_unless_allowed()
    {
        var app = Some.App(reach: Some.Reach(500, true, ("Finance", 500)));

        Assert.Equal("beyond its approval: tenant-wide consent", Of(app, Some.Classification(), Some.Policy([Some.Approval(departments: ["Marketing"])])).Reason);
        Assert.Equal(GovernanceState.Approved, Of(app, Some.Classification(), Some.Policy([Some.Approval(tenantWide: true)])).State);
    }

    [Fact]
    public void An_application_permission_must_be_named_or_the_whole_tenant_allowed()
    {
        var app = Some.App(permissions: [Some.Role("Mail.Read")]);

        Assert.Equal("beyond its approval: application permissions Mail.Read", Of(app, Some.Classification(), Some.Policy([Some.Approval()])).Reason);
        Assert.Equal(GovernanceState.Approved, Of(app, Some.Classification(), Some.Policy([Some.Approval(permissions: ["Mail.Read"])])).State);
        Assert.Equal(GovernanceState.Approved, Of(app, Some.Classification(), Some.Policy([Some.Approval(tenantWide: true)])).State);
    }

    [Fact]
    public void Another_owner_tenant_is_drift_and_names_both()
    {
        var other = Guid.Parse("33333333-0000-4000-8000-000000000003");
        var policy = Some.Policy([Some.Approval(new ToolReference("Chat Tool", Some.Id(100_001), other))]);

        var standing = Of(Some.App(), Some.Classification(), policy);

        Assert.Equal(GovernanceState.Drifted, standing.State);
        Assert.Contains(Some.VendorTenantId.ToString(), standing.Reason, StringComparison.Ordinal);
        Assert.Contains(other.ToString(), standing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_approvals_the_one_that_holds_counts()
    {
        var policy = Some.Policy([Some.Approval(expiresOn: new DateOnly(2025, 1, 1)), Some.Approval(permissions: []), Some.Approval(approvedOn: new DateOnly(2026, 2, 3))]);

        var standing = Of(Some.App(), Some.Classification(), policy);

        Assert.Equal("approved on 2026-02-03", standing.Reason);
    }

    [Fact]
    public void A_review_under_way_says_when_it_is_due()
    {
        var policy = Some.Policy(underReview: [new ToolReview(Some.Tool(), new DateOnly(2026, 5, 1))]);

        var standing = Of(Some.App(), Some.Classification(), policy);

        Assert.Equal(new Standing(GovernanceState.UnderReview, "under review, due on 2026-05-01", "Chat Tool"), standing);
    }

    private static Standing Of(ConsentedApp app, Classification classification, GovernancePolicy policy) =>
        Some.StandingOf(app, classification, policy, Some.Day);
}
