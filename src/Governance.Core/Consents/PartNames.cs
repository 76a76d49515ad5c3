namespace Governance.Core.Consents;

/// <summary>Contract names of the parts of an inventory.</summary>
public static class PartNames
{
    public static string Of(InventoryPart part) => part switch
    {
        InventoryPart.ServicePrincipals => "servicePrincipals",
        InventoryPart.Oauth2PermissionGrants => "oauth2PermissionGrants",
        InventoryPart.AppRoleAssignments => "appRoleAssignments",
        InventoryPart.Users => "users",
        InventoryPart.ConsentEvents => "consentEvents",
        InventoryPart.ConsentRequests => "consentRequests",
        InventoryPart.SignInActivity => "signInActivity",
        InventoryPart.AgentIdentities => "agentIdentities",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "not a part of an inventory"),
    };
}
