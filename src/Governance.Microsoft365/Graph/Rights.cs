using Governance.Core.Consents;

namespace Governance.Microsoft365.Graph;

/// <summary>The least application permission that each part needs.</summary>
/// <remarks>Source: Graph permission reference, read 2026-11-22. Grants have no narrower reader than the whole directory.</remarks>
internal static class Rights
{
    public const string Organization = "Organization.Read.All";

    public const string ConsentPolicy = "Policy.Read.All";

    public const string TrainingGroup = "GroupMember.Read.All";

    public static string Of(InventoryPart part) => part switch
    {
        InventoryPart.ServicePrincipals or InventoryPart.AppRoleAssignments => "Application.Read.All",
        InventoryPart.Oauth2PermissionGrants => "Directory.Read.All",
        InventoryPart.Users => "User.Read.All",
        InventoryPart.AgentIdentities => "AgentIdentity.Read.All",
        InventoryPart.ConsentRequests => "ConsentRequest.Read.All",
        _ => "AuditLog.Read.All",
    };
}
