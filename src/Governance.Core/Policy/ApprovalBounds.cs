using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Text;

namespace Governance.Core.Policy;

/// <summary>Compares what apps hold with the bounds of their approvals.</summary>
/// <param name="opens">Kinds of data that a permission opens.</param>
/// <param name="evidence">A bound that nothing goes beyond is kept only where all that it is about was read.</param>
internal sealed class ApprovalBounds(Departments departments, Func<HeldPermission, IEnumerable<string>> opens, StandingEvidence evidence)
{
    /// <returns>
    /// <c>Beyond</c>: what the approval does not cover. <c>NotAssessed</c>: facts without which a bound cannot be said to be kept. Both
    /// in fixed order.
    /// </returns>
    /// <remarks>
    /// A consent for everyone reaches every department, so departments are compared only where consents or assignments name
    /// single users. Application permissions open the whole tenant: they need <c>tenantWide</c> or to be named.
    /// </remarks>
    public (ImmutableArray<string> Beyond, ImmutableArray<string> NotAssessed) Compare(ConsentedApp app, ToolApproval approval)
    {
        ImmutableArray<Bound?> bounds =
        [
            Owner(app, approval),
            Permissions(app, approval),
            TenantWide(app, approval),
            ApplicationPermissions(app, approval),
            InDepartments(app, approval),
            DataCategories(app, approval),
        ];
        return ([.. bounds.Select(bound => bound?.Beyond).OfType<string>()], [.. bounds.Select(bound => bound?.NotAssessed).OfType<string>()]);
    }

    /// <returns>Null when the owner tenant of the app was not read.</returns>
    public static bool? OwnerFits(ToolReference tool, ConsentedApp app) =>
        tool.OwnerTenantId is null ? true : app.Principal.OwnerTenantId is { } owner ? owner == tool.OwnerTenantId : null;

    private static Bound? Owner(ConsentedApp app, ToolApproval approval) => OwnerFits(approval.Tool, app) switch
    {
        null => new(NotAssessed: "the tenant it is registered in"),
        false => new(Beyond: $"registered in tenant {app.Principal.OwnerTenantId}, approved for {approval.Tool.OwnerTenantId}"),
        true => null,
    };

    private Bound? Permissions(ConsentedApp app, ToolApproval approval)
    {
        if (approval.Permissions is not { } permitted)
        {
            return null;
        }

        var allowed = permitted.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extra = Names(app.Permissions.Where(held => !Nameless(held) && !allowed.Contains(held.Value)));
        return extra.Length > 0 ? new(Beyond: $"permissions {extra}")
            : AllPermissionsRead && !app.Permissions.Any(Nameless) ? null
            : new(NotAssessed: "all its permissions");
    }

    private Bound? TenantWide(ConsentedApp app, ToolApproval approval) =>
        approval.TenantWide ? null
        : app.Reach.TenantWide ? new(Beyond: "tenant-wide consent")
        : evidence.Read(InventoryPart.Oauth2PermissionGrants) ? null
        : new(NotAssessed: "all consents to it");

    private Bound? ApplicationPermissions(ConsentedApp app, ToolApproval approval) =>
        approval.TenantWide || approval.Permissions is not null ? null
        : app.HoldsApplicationPermission ? new(Beyond: $"application permissions {Names(app.Application)}")
        : evidence.Read(InventoryPart.AppRoleAssignments) ? null
        : new(NotAssessed: "its application permissions");

    private Bound? InDepartments(ConsentedApp app, ToolApproval approval)
    {
        if (approval.Departments is not { } named)
        {
            return null;
        }

        if (app.Reach.TenantWide && !evidence.Read(InventoryPart.ServicePrincipals))
        {
            return new(NotAssessed: "whether users must be assigned to it");
        }

        if (app.Reach.TenantWide && !app.Principal.AssignmentRequired)
        {
            return null;
        }

        var allowed = named.Select(department => departments.NameOf(department) ?? department).ToHashSet(NameForm.Comparer);
        var others = app.Reach.ByDepartment.Keys.Where(department => !allowed.Contains(department)).ToImmutableArray();
        return !others.IsEmpty ? new(Beyond: $"used in {string.Join(", ", others)}")
            : DepartmentsRead(app.Reach) ? null
            : new(NotAssessed: "the departments of its users");
    }

    private Bound? DataCategories(ConsentedApp app, ToolApproval approval)
    {
        if (approval.DataCategories is not { } categories)
        {
            return null;
        }

        var more = app.Permissions.SelectMany(opens).Except(categories, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToImmutableArray();
        return !more.IsEmpty ? new(Beyond: $"opens data of the kind {string.Join(", ", more)}")
            : AllPermissionsRead && (evidence.Read(InventoryPart.ServicePrincipals) || app.Permissions.All(held => held.ResourceAppId is not null)) ? null
            : new(NotAssessed: "the kinds of data it opens");
    }

    private bool AllPermissionsRead => evidence.Read(InventoryPart.Oauth2PermissionGrants) && evidence.Read(InventoryPart.AppRoleAssignments);

    /// <summary>An app role whose API was not read: its id stands in the place of the value.</summary>
    private bool Nameless(HeldPermission held) =>
        held is { Kind: PermissionKind.Application, ResourceAppId: null } && !evidence.Read(InventoryPart.ServicePrincipals);

    /// <remarks>Where no user reached has a department, departments were not read or the directory does not keep them.</remarks>
    private bool DepartmentsRead(Reach reach) =>
        reach.Certain && (reach.Users == 0 || !reach.ByDepartment.IsEmpty)
        && evidence.Read(InventoryPart.Oauth2PermissionGrants) && evidence.Read(InventoryPart.Users);

    private static string Names(IEnumerable<HeldPermission> permissions) =>
        string.Join(", ", permissions.Select(held => held.Value).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal));

    /// <summary>A bound that is not known to be kept; one that is kept has none.</summary>
    private sealed record Bound(string? Beyond = null, string? NotAssessed = null);
}
