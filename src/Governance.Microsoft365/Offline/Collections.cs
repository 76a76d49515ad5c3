using System.Text.RegularExpressions;

namespace Governance.Microsoft365.Offline;

/// <summary>Recognises a collection by what a page says, by a file's name, or by the members of a row.</summary>
internal static partial class Collections
{
    private static readonly (string Word, ExportedCollection Collection)[] Words =
    [
        ("approleassign", ExportedCollection.Assignments),
        ("serviceprincipalsigninactivit", ExportedCollection.SignIns),
        ("oauth2permissiongrant", ExportedCollection.Grants),
        ("appconsentrequest", ExportedCollection.ConsentRequests),
        ("directoryaudit", ExportedCollection.ConsentEvents),
        ("organization", ExportedCollection.Organization),
        ("serviceprincipal", ExportedCollection.ServicePrincipals),
        ("users", ExportedCollection.Users),
    ];

    /// <param name="context">Such as <c>https://graph.microsoft.com/v1.0/$metadata#servicePrincipals(id,appId)</c>; case varies.</param>
    public static ExportedCollection? OfContext(string context)
    {
        var path = Selection().Replace(context[(context.IndexOf('#') + 1)..], string.Empty);
        var last = path.Split('/').LastOrDefault(segment => segment.Length > 0 && !segment.StartsWith('$')) ?? string.Empty;
        return OfWord(last) ?? OfWord(path);
    }

    /// <param name="name">File name such as <c>servicePrincipals-2.json</c>.</param>
    public static ExportedCollection? OfFile(string name) => OfWord(Path.GetFileName(name));

    public static ExportedCollection? OfMembers(IReadOnlySet<string> members) =>
        members.Contains("consentType") || (members.Contains("clientId") && members.Contains("resourceId")) ? ExportedCollection.Grants
        : members.Contains("appRoleId") ? ExportedCollection.Assignments
        : members.Contains("activityDisplayName") ? ExportedCollection.ConsentEvents
        : members.Contains("pendingScopes") ? ExportedCollection.ConsentRequests
        : members.Contains("delegatedClientSignInActivity") || members.Contains("applicationAuthenticationClientSignInActivity") ? ExportedCollection.SignIns
        : members.Contains("servicePrincipalType") || members.Contains("servicePrincipalNames") || members.Contains("appOwnerOrganizationId")
            || members.Contains("appRoleAssignmentRequired") ? ExportedCollection.ServicePrincipals
        : members.Contains("userType") || members.Contains("userPrincipalName") || members.Contains("department") ? ExportedCollection.Users
        : members.Contains("verifiedDomains") || members.Contains("countryLetterCode") || members.Contains("tenantType") ? ExportedCollection.Organization
        : null;

    private static ExportedCollection? OfWord(string text)
    {
        foreach (var (word, collection) in Words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return collection;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Selection();
}
