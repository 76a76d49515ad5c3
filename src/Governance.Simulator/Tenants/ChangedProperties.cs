namespace Governance.Simulator.Tenants;

/// <summary>Wire names of the properties in which two rows differ: a delta answer shows only changes of selected ones.</summary>
internal static class ChangedProperties
{
    public static List<string> Between(SimulatedServicePrincipal a, SimulatedServicePrincipal b)
    {
        var names = new List<string>();
        Add(names, a.AppId == b.AppId, "appId");
        Add(names, a.DisplayName == b.DisplayName, "displayName", "appDisplayName");
        Add(names, a.OwnerTenantId == b.OwnerTenantId, "appOwnerOrganizationId");
        Add(names, a.Type == b.Type, "servicePrincipalType", "appDisplayName");
        Add(names, a.AccountEnabled == b.AccountEnabled, "accountEnabled");
        Add(names, a.VerifiedPublisher == b.VerifiedPublisher, "verifiedPublisher");
        Add(names, a.Created == b.Created, "createdDateTime");
        Add(names, a.Homepage == b.Homepage, "homepage");
        Add(names, a.ReplyUrls.SequenceEqual(b.ReplyUrls), "replyUrls");
        Add(names, a.Tags.SequenceEqual(b.Tags), "tags");
        Add(names, a.PrivacyStatementUrl == b.PrivacyStatementUrl && a.TermsOfServiceUrl == b.TermsOfServiceUrl, "info");
        Add(names, a.SignInAudience == b.SignInAudience, "signInAudience");
        Add(names, a.AssignmentRequired == b.AssignmentRequired, "appRoleAssignmentRequired");
        Add(names, a.AppRoles.SequenceEqual(b.AppRoles), "appRoles");
        Add(names, a.Scopes.SequenceEqual(b.Scopes), "oauth2PermissionScopes");
        Add(names, a.AgentBlueprintId == b.AgentBlueprintId, "agentIdentityBlueprintId");
        return names;
    }

    public static List<string> Between(SimulatedUser a, SimulatedUser b)
    {
        var names = new List<string>();
        Add(names, a.DisplayName == b.DisplayName, "displayName");
        Add(names, a.UserPrincipalName == b.UserPrincipalName, "userPrincipalName");
        Add(names, a.GivenName == b.GivenName, "givenName");
        Add(names, a.Surname == b.Surname, "surname");
        Add(names, a.Mail == b.Mail, "mail");
        Add(names, a.JobTitle == b.JobTitle, "jobTitle");
        Add(names, a.Department == b.Department, "department");
        Add(names, a.OfficeLocation == b.OfficeLocation, "officeLocation");
        Add(names, a.Country == b.Country, "country");
        Add(names, a.PreferredLanguage == b.PreferredLanguage, "preferredLanguage");
        Add(names, a.AccountEnabled == b.AccountEnabled, "accountEnabled");
        Add(names, a.UserType == b.UserType, "userType");
        Add(names, a.ManagerId == b.ManagerId, "manager");
        return names;
    }

    private static void Add(List<string> names, bool same, params ReadOnlySpan<string> changed)
    {
        if (!same)
        {
            names.AddRange(changed);
        }
    }
}
