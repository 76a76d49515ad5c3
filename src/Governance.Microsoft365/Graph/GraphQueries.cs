using Governance.Core.Consents;

namespace Governance.Microsoft365.Graph;

/// <summary>What each collection is asked for: only what is used, in pages as large as allowed.</summary>
internal static class GraphQueries
{
    public const string Organization = "organization?$select=id,displayName,countryLetterCode";

    private const string ServicePrincipalMembers =
        "id,appId,displayName,appDisplayName,appOwnerOrganizationId,servicePrincipalType,accountEnabled,verifiedPublisher,"
        + "createdDateTime,homepage,replyUrls,tags,appRoleAssignmentRequired,disabledByMicrosoftStatus,appRoles";

    private const string GrantMembers = "id,clientId,consentType,principalId,resourceId,scope";

    private const string UserMembers = "id,department,accountEnabled,userType";

    /// <remarks>The size of a page of consent requests that is known to be taken.</remarks>
    private const int GovernancePage = 100;

    private const int AgentPage = 100;

    public static string ServicePrincipals(int page) => $"servicePrincipals?$top={page}&$select={ServicePrincipalMembers}";

    public static string Grants(int page) => $"oauth2PermissionGrants?$top={page}&$select={GrantMembers}";

    public static string Users(int page) => $"users?$top={page}&$select={UserMembers}";

    /// <summary>Asks where changes begin from now on: a link and no rows.</summary>
    public static string Latest(InventoryPart part) => $"{DeltaOf(part)}&$deltatoken=latest";

    public static string UsersByIds() => $"directoryObjects/getByIds?$select={UserMembers}";

    public static string AssignedTo(Guid resource, int page) =>
        $"servicePrincipals/{resource}/appRoleAssignedTo?$top={page}&$select=id,appRoleId,createdDateTime,principalId,principalType,resourceId";

    /// <summary>Asks whether a service principal is still there.</summary>
    public static string One(Guid servicePrincipal) => $"servicePrincipals?$filter={Uri.EscapeDataString($"id eq '{servicePrincipal}'")}&$select=id";

    public static string ConsentEvents(DateTimeOffset since, int page)
    {
        var filter = $"activityDateTime ge {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} and category eq 'ApplicationManagement'";
        return $"auditLogs/directoryAudits?$top={page}&$filter={Uri.EscapeDataString(filter)}";
    }

    public static string ConsentRequests() => $"identityGovernance/appConsent/appConsentRequests?$top={GovernancePage}";

    public static string UserConsentRequests(string request) =>
        $"identityGovernance/appConsent/appConsentRequests/{Uri.EscapeDataString(request)}/userConsentRequests?$top={GovernancePage}";

    public static string SignIns(int page) => $"reports/servicePrincipalSignInActivities?$top={page}";

    /// <remarks>Graph gives agents in pages of 100 at most.</remarks>
    public static string AgentIdentities(int page) =>
        $"servicePrincipals/microsoft.graph.agentIdentity?$top={Math.Min(page, AgentPage)}&$select=id,agentIdentityBlueprintId,createdByAppId";

    public static string GrantsOf(Guid client, int page) => $"servicePrincipals/{client}/oauth2PermissionGrants?$top={page}&$select={GrantMembers}";

    /// <summary>What is asked of each row of a collection that Graph tells the changes of.</summary>
    public static string[] MembersOf(InventoryPart part) => (part switch
    {
        InventoryPart.ServicePrincipals => ServicePrincipalMembers,
        InventoryPart.Oauth2PermissionGrants => GrantMembers,
        InventoryPart.Users => UserMembers,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Graph tells no changes of it"),
    }).Split(',');

    /// <summary>Asks for one object of a collection that Graph tells the changes of.</summary>
    public static string One(InventoryPart part, string id) => $"{CollectionOf(part)}/{Uri.EscapeDataString(id)}?$select={string.Join(',', MembersOf(part))}";

    public const string ConsentPolicy = "policies/authorizationPolicy";

    public static string Members(Guid group, int page) => $"groups/{group}/transitiveMembers?$top={page}&$select=id";

    public static string Counted(string query) => $"{query}&$count=true";

    private static string DeltaOf(InventoryPart part) => $"{CollectionOf(part)}/delta?$select={string.Join(',', MembersOf(part))}";

    private static string CollectionOf(InventoryPart part) => part switch
    {
        InventoryPart.ServicePrincipals => "servicePrincipals",
        InventoryPart.Oauth2PermissionGrants => "oauth2PermissionGrants",
        InventoryPart.Users => "users",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Graph tells no changes of it"),
    };
}
