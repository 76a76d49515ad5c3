using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Policy;

/// <summary>A bound that cannot be assessed is not kept: the invariant is that a loss never approves and never takes a known state away.</summary>
public sealed class UnreadBoundsTests
{
    private static readonly Standing Before = new(GovernanceState.Approved, "approved", "Chat Tool");

    /// <summary>Each kind of bound with the parts it is assessed by.</summary>
    public static TheoryData<string, InventoryPart> Losses => new()
    {
        { "permissions", InventoryPart.Oauth2PermissionGrants },
        { "permissions", InventoryPart.AppRoleAssignments },
        { "notTenantWide", InventoryPart.Oauth2PermissionGrants },
        { "notTenantWide", InventoryPart.AppRoleAssignments },
        { "departments", InventoryPart.Oauth2PermissionGrants },
        { "departments", InventoryPart.Users },
        { "dataCategories", InventoryPart.Oauth2PermissionGrants },
        { "dataCategories", InventoryPart.AppRoleAssignments },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_bound_whose_part_was_lost_approves_nothing_that_was_not_approved(string bound, InventoryPart lost)
    {
        Assert.Equal((GovernanceState.Approved, false), StateOf(Approval(bound), new StandingEvidence([])));

        Assert.Equal((GovernanceState.Unapproved, true), StateOf(Approval(bound), new StandingEvidence([lost])));
        Assert.Equal((GovernanceState.Unapproved, true), StateOf(Approval(bound), new StandingEvidence([lost], Before with { Approval = "another entry" })));
        Assert.Equal((GovernanceState.Expired, true), StateOf(Approval(bound), new StandingEvidence([lost], Before with { State = GovernanceState.Expired })));
        Assert.Equal((GovernanceState.Drifted, true), StateOf(Approval(bound), new StandingEvidence([lost], Before with { State = GovernanceState.Drifted })));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_tool_known_to_be_approved_stays_so_unconfirmed(string bound, InventoryPart lost) =>
        Assert.Equal((GovernanceState.Approved, true), StateOf(Approval(bound), new StandingEvidence([lost], Before)));

    [Theory]
    [MemberData(nameof(Losses))]
    public void What_was_seen_beyond_a_bound_is_drift_whatever_was_lost(string bound, InventoryPart lost)
    {
        var beyond = Some.App(
            permissions: [Some.Scope("Mail.Read"), Some.Role("Files.Read.All")],
            reach: Some.Reach(3, true, ("Finance", 3)),
            principal: Some.Principal() with { AssignmentRequired = true });

        Assert.Equal((GovernanceState.Drifted, false), StateOf(Approval(bound), new StandingEvidence([lost], Before), beyond));
    }

    [Fact]
    public void An_ended_approval_and_a_denial_hold_whatever_was_lost()
    {
        var evidence = new StandingEvidence([.. Inventory.Needed], Before);

        Assert.Equal((GovernanceState.Expired, false), StateOf(Some.Approval(expiresOn: Some.Day.AddDays(-1)), evidence));
        var denied = Of(Some.Policy([Some.Approval()], [new ToolDenial(Some.Tool() with { OwnerTenantId = Some.VendorTenantId }, "no")]), evidence, Ownerless);
        Assert.Equal(GovernanceState.Denied, denied.State);
    }

    [Fact]
    public void An_approval_without_bounds_needs_nothing_but_the_app()
    {
        var evidence = new StandingEvidence([.. Inventory.Needed]);

        Assert.Equal((GovernanceState.Approved, false), StateOf(Some.Approval(tenantWide: true), evidence));
    }

    [Fact]
    public void An_owner_tenant_that_was_not_read_is_not_the_right_one()
    {
        var approval = Some.Approval(Some.Tool() with { OwnerTenantId = Some.VendorTenantId });

        Assert.Equal((GovernanceState.Unapproved, true), StateOf(approval, StandingEvidence.Whole, Ownerless));
        Assert.Equal((GovernanceState.Approved, true), StateOf(approval, StandingEvidence.Whole with { Earlier = Before }, Ownerless));
    }

    [Fact]
    public void Members_of_an_assigned_group_and_users_without_any_department_prove_no_department()
    {
        var approval = Some.Approval(departments: ["Marketing"]);

        Assert.Equal((GovernanceState.Unapproved, true), StateOf(approval, StandingEvidence.Whole, Some.App(reach: Reach(3, 3) with { Certain = false })));
        Assert.Equal((GovernanceState.Unapproved, true), StateOf(approval, StandingEvidence.Whole, Some.App(reach: Reach(3, 0))));
        Assert.Equal((GovernanceState.Approved, false), StateOf(approval, StandingEvidence.Whole, Some.App(reach: Reach(3, 3))));
    }

    [Fact]
    public void Whether_users_must_be_assigned_is_unknown_without_the_list_of_apps()
    {
        var everyone = Some.App(reach: Some.Reach(9, true, ("Finance", 9)));
        var approval = Some.Approval(departments: ["Marketing"], tenantWide: true);

        Assert.Equal((GovernanceState.Approved, false), StateOf(approval, StandingEvidence.Whole, everyone));
        Assert.Equal((GovernanceState.Unapproved, true), StateOf(approval, new StandingEvidence([InventoryPart.ServicePrincipals]), everyone));
    }

    [Fact]
    public void What_a_permission_opens_and_an_app_role_is_called_is_unknown_while_its_api_was_not_read()
    {
        var lost = new StandingEvidence([InventoryPart.ServicePrincipals]);
        var app = Some.App(permissions: [Some.Role(Some.Id(77).ToString()) with { ResourceAppId = null }]);

        Assert.Equal((GovernanceState.Unapproved, true), StateOf(Approval("dataCategories"), lost, app));
        Assert.Equal((GovernanceState.Unapproved, true), StateOf(Some.Approval(permissions: ["Mail.Read"]), lost, app));
        Assert.Equal((GovernanceState.Drifted, false), StateOf(Some.Approval(permissions: ["Mail.Read"]), StandingEvidence.Whole, app));
    }

    [Fact]
    public void Of_several_approvals_one_that_is_proven_to_hold_needs_no_other()
    {
        var policy = Some.Policy([Some.Approval(departments: ["Marketing"]), Some.Approval(permissions: ["User.Read"])]);

        var standing = Of(policy, new StandingEvidence([InventoryPart.Users]), Some.App());

        Assert.Equal((GovernanceState.Approved, false), (standing.State, standing.Unconfirmed));
    }

    private static ConsentedApp Ownerless => Some.App(Some.Principal() with { OwnerTenantId = null });

    private static Reach Reach(int users, int inMarketing) => inMarketing == 0 ? Some.Reach(users) : Some.Reach(users, false, ("Marketing", inMarketing));

    private static ToolApproval Approval(string bound) => bound switch
    {
        "permissions" => Some.Approval(permissions: ["User.Read"], tenantWide: true),
        "notTenantWide" => Some.Approval(),
        "departments" => Some.Approval(departments: ["Marketing"], tenantWide: true),
        "dataCategories" => Some.Approval(tenantWide: true) with { DataCategories = ["content"] },
        _ => throw new ArgumentOutOfRangeException(nameof(bound), bound, "no bound"),
    };

    private static (GovernanceState State, bool Unconfirmed) StateOf(ToolApproval approval, StandingEvidence evidence, ConsentedApp? app = null)
    {
        var standing = Of(Some.Policy([approval]), evidence, app ?? Some.App(reach: Reach(3, 3)));
        return (standing.State, standing.Unconfirmed);
    }

    private static Standing Of(GovernancePolicy policy, StandingEvidence evidence, ConsentedApp app) => PolicyStanding.Of(
        app, Some.Classification(), policy, Some.Day, held => (held.Kind, held.ResourceAppId) switch
        {
            (_, null) => [],
            (PermissionKind.Application, _) => ["customerPii"],
            _ => ["content"],
        },
        evidence);
}
