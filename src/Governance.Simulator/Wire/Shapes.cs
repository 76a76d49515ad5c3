using System.Collections.Immutable;
using System.Text.Json;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>The directory's rows on the wire, as the reference and captures show them.</summary>
internal static class Shapes
{
    public static readonly RowShape<SimulatedGrant> Grant = new("microsoft.graph.oAuth2PermissionGrant",
    [
        new("clientId", (json, name, row) => json.WriteString(name, row.ClientId)),
        new("consentType", (json, name, row) => json.WriteString(name, row.PrincipalId is null ? "AllPrincipals" : "Principal")),
        new("id", WriteId),
        new("principalId", (json, name, row) => WriteGuid(json, name, row.PrincipalId)),
        new("resourceId", (json, name, row) => json.WriteString(name, row.ResourceId)),
        new("scope", (json, name, row) => json.WriteString(name, row.Scope)),
    ]);

    public static readonly RowShape<SimulatedAssignment> Assignment = new("microsoft.graph.appRoleAssignment",
    [
        new("id", WriteId),
        new("deletedDateTime", (json, name, _) => json.WriteNull(name)),
        new("appRoleId", (json, name, row) => json.WriteString(name, row.AppRoleId)),
        new("createdDateTime", (json, name, row) => json.WriteString(name, row.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"))),
        new("principalDisplayName", (json, name, row) => json.WriteString(name, row.PrincipalDisplayName)),
        new("principalId", (json, name, row) => json.WriteString(name, row.PrincipalId)),
        new("principalType", (json, name, row) => json.WriteString(name, row.PrincipalType)),
        new("resourceDisplayName", (json, name, row) => json.WriteString(name, row.ResourceDisplayName)),
        new("resourceId", (json, name, row) => json.WriteString(name, row.ResourceId)),
    ]);

    public static readonly RowShape<SimulatedUser> User = new("microsoft.graph.user",
    [
        new("businessPhones", WriteEmptyArray),
        new("displayName", (json, name, row) => json.WriteString(name, row.DisplayName)),
        new("givenName", (json, name, row) => json.WriteString(name, row.GivenName)),
        new("jobTitle", (json, name, row) => json.WriteString(name, row.JobTitle)),
        new("mail", (json, name, row) => json.WriteString(name, row.Mail)),
        new("mobilePhone", (json, name, _) => json.WriteNull(name)),
        new("officeLocation", (json, name, row) => json.WriteString(name, row.OfficeLocation)),
        new("preferredLanguage", (json, name, row) => json.WriteString(name, row.PreferredLanguage)),
        new("surname", (json, name, row) => json.WriteString(name, row.Surname)),
        new("userPrincipalName", (json, name, row) => json.WriteString(name, row.UserPrincipalName)),
        new("id", (json, name, row) => json.WriteString(name, row.Id)),
        new("department", (json, name, row) => json.WriteString(name, row.Department), byDefault: false),
        new("accountEnabled", (json, name, row) => json.WriteBoolean(name, row.AccountEnabled), byDefault: false),
        new("userType", (json, name, row) => json.WriteString(name, row.UserType), byDefault: false),
        new("country", (json, name, row) => json.WriteString(name, row.Country), byDefault: false),
    ])
    {
        KnownToGraph = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase,
            "ageGroup", "assignedLicenses", "city", "companyName", "createdDateTime", "creationType", "deletedDateTime", "employeeId",
            "employeeType", "externalUserState", "identityParentId", "lastPasswordChangeDateTime", "mailNickname", "onPremisesSyncEnabled",
            "otherMails", "postalCode", "proxyAddresses", "state", "streetAddress", "usageLocation"),
    };

    public static readonly RowShape<SimulatedServicePrincipal> ServicePrincipal = new("microsoft.graph.servicePrincipal",
    [
        new("id", (json, name, row) => json.WriteString(name, row.Id)),
        new("deletedDateTime", (json, name, _) => json.WriteNull(name)),
        new("accountEnabled", (json, name, row) => json.WriteBoolean(name, row.AccountEnabled)),
        new("alternativeNames", WriteEmptyArray),
        new("appDisplayName", (json, name, row) => json.WriteString(name, row.Type == "Application" ? row.DisplayName : null)),
        new("appId", WriteAppId),
        new("applicationTemplateId", (json, name, _) => json.WriteNull(name)),
        new("appOwnerOrganizationId", (json, name, row) => WriteGuid(json, name, row.OwnerTenantId)),
        new("appRoleAssignmentRequired", (json, name, row) => json.WriteBoolean(name, row.AssignmentRequired)),
        new("createdDateTime", (json, name, row) => json.WriteString(name, row.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"))),
        new("description", (json, name, _) => json.WriteNull(name)),
        new("disabledByMicrosoftStatus", (json, name, _) => json.WriteNull(name)),
        new("displayName", (json, name, row) => json.WriteString(name, row.DisplayName)),
        new("homepage", (json, name, row) => json.WriteString(name, row.Homepage)),
        new("info", WriteInfo),
        new("loginUrl", (json, name, _) => json.WriteNull(name)),
        new("notes", (json, name, _) => json.WriteNull(name)),
        new("preferredSingleSignOnMode", (json, name, _) => json.WriteNull(name)),
        new("replyUrls", (json, name, row) => WriteStrings(json, name, row.ReplyUrls)),
        new("servicePrincipalNames", WriteNames),
        new("servicePrincipalType", (json, name, row) => json.WriteString(name, row.Type)),
        new("signInAudience", (json, name, row) => json.WriteString(name, row.SignInAudience)),
        new("tags", (json, name, row) => WriteStrings(json, name, row.Tags)),
        new("verifiedPublisher", WritePublisher),
        new("addIns", WriteEmptyArray),
        new("appRoles", WriteAppRoles),
        new("oauth2PermissionScopes", WriteScopes),
        new("keyCredentials", WriteEmptyArray),
        new("passwordCredentials", WriteEmptyArray),
        new("agentIdentityBlueprintId", WriteBlueprint),
    ])
    {
        Preamble = (json, row) =>
        {
            if (row.AgentBlueprintId is not null)
            {
                json.WriteString("@odata.type", "#microsoft.graph.agentIdentity");
            }
        },
        KnownToGraph = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase,
            "createdByAppId", "isDisabled", "logoutUrl", "notificationEmailAddresses", "preferredTokenSigningKeyThumbprint",
            "publisherName", "resourceSpecificApplicationPermissions", "samlSingleSignOnSettings", "customSecurityAttributes",
            "tokenEncryptionKeyId", "servicePrincipalLockConfiguration"),
    };

    private static void WriteId(Utf8JsonWriter json, JsonEncodedText name, SimulatedGrant row)
    {
        Span<byte> id = stackalloc byte[GrantId.MaxLength];
        json.WriteString(name, id[..GrantId.Encode(row.Key, id)]);
    }

    private static void WriteId(Utf8JsonWriter json, JsonEncodedText name, SimulatedAssignment row)
    {
        Span<byte> id = stackalloc byte[AssignmentId.Length];
        AssignmentId.Encode(row.Key, id);
        json.WriteString(name, id);
    }

    private static void WriteGuid(Utf8JsonWriter json, JsonEncodedText name, Guid? value)
    {
        if (value is { } id)
        {
            json.WriteString(name, id);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Agent identities have no appId at all, rather than a null one.</summary>
    private static void WriteAppId(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        if (row.AppId is { } id)
        {
            json.WriteString(name, id);
        }
    }

    private static void WriteBlueprint(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        if (row.AgentBlueprintId is { } id)
        {
            json.WriteString(name, id);
        }
    }

    private static void WriteEmptyArray<TRow>(Utf8JsonWriter json, JsonEncodedText name, TRow row)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, JsonEncodedText name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        json.WriteStartArray(name);
        if (row.AppId is { } id)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    private static void WriteInfo(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        json.WriteStartObject(name);
        json.WriteNull("logoUrl");
        json.WriteNull("marketingUrl");
        json.WriteString("privacyStatementUrl", row.PrivacyStatementUrl);
        json.WriteNull("supportUrl");
        json.WriteString("termsOfServiceUrl", row.TermsOfServiceUrl);
        json.WriteEndObject();
    }

    private static void WritePublisher(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        json.WriteStartObject(name);
        json.WriteString("displayName", row.VerifiedPublisher?.DisplayName);
        json.WriteString("verifiedPublisherId", row.VerifiedPublisher?.VerifiedPublisherId);
        json.WriteString("addedDateTime", row.VerifiedPublisher?.Added.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        json.WriteEndObject();
    }

    private static void WriteAppRoles(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        json.WriteStartArray(name);
        foreach (var role in row.AppRoles)
        {
            json.WriteStartObject();
            json.WriteStartArray("allowedMemberTypes");
            json.WriteStringValue("Application");
            json.WriteEndArray();
            json.WriteString("displayName", role.Value ?? "Member");
            json.WriteString("id", role.Id);
            json.WriteBoolean("isEnabled", true);
            json.WriteString("value", role.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteScopes(Utf8JsonWriter json, JsonEncodedText name, SimulatedServicePrincipal row)
    {
        json.WriteStartArray(name);
        foreach (var scope in row.Scopes)
        {
            json.WriteStartObject();
            json.WriteString("id", scope.Id);
            json.WriteBoolean("isEnabled", true);
            json.WriteString("type", scope.AdminOnly ? "Admin" : "User");
            json.WriteString("value", scope.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
