namespace Governance.Simulator.Wire;

/// <summary>Which application permissions let a caller in: any one of those named.</summary>
internal static class RequiredRights
{
    private static readonly string[] Apps = ["Application.Read.All", "Directory.Read.All", "Application.ReadWrite.All", "Directory.ReadWrite.All"];
    private static readonly string[] Grants = ["Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];
    private static readonly string[] WriteGrants = ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];
    private static readonly string[] WriteAssignments = ["AppRoleAssignment.ReadWrite.All"];

    /// <returns>Empty when anyone signed in may ask.</returns>
    public static IReadOnlyList<string> Of(GraphCall call)
    {
        var reads = call.Method == "GET";
        return call.Segments switch
        {
            ["oauth2PermissionGrants", ..] or [_, _, "oauth2PermissionGrants"] => reads ? Grants : WriteGrants,
            [_, _, "appRoleAssignedTo" or "appRoleAssignments", ..] when !reads => WriteAssignments,
            ["servicePrincipals", "microsoft.graph.agentIdentity"] => ["AgentIdentity.Read.All", .. Apps],
            [var first, ..] when first.StartsWith("servicePrincipals", StringComparison.Ordinal) => reads ? Apps : ["Application.ReadWrite.All"],
            ["users", ..] => ["User.Read.All", "Directory.Read.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
            ["groups", ..] => ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
            ["directoryObjects", "getByIds"] => ["Directory.Read.All", "Directory.ReadWrite.All"],
            ["auditLogs", ..] or ["reports", ..] => ["AuditLog.Read.All"],
            ["identityGovernance", ..] => ["ConsentRequest.Read.All", "ConsentRequest.ReadWrite.All"],
            ["policies", ..] => ["Policy.Read.All", "Policy.ReadWrite.Authorization"],
            ["organization"] => ["Organization.Read.All", "User.Read.All", "Directory.Read.All"],
            _ => [],
        };
    }
}
