using System.Collections.Immutable;
using System.Text.Json;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>GET on what surrounds the directory: organisation, policies, audit log, consent requests, sign-in activity.</summary>
internal static class GovernanceReads
{
    private const int AuditPageSize = 1_000;

    private static readonly RowShape<TenantState> Organization = new("microsoft.graph.organization",
    [
        new("id", (json, name, row) => json.WriteString(name, row.TenantId)),
        new("displayName", (json, name, row) => json.WriteString(name, row.DisplayName)),
        new("tenantType", (json, name, _) => json.WriteString(name, "AAD")),
        new("countryLetterCode", (json, name, _) => json.WriteString(name, "DE")),
        new("createdDateTime", (json, name, _) => json.WriteString(name, "2014-03-11T08:12:04Z")),
        new("verifiedDomains", (json, name, row) =>
        {
            json.WriteStartArray(name);
            json.WriteStartObject();
            json.WriteString("name", row.Domain);
            json.WriteBoolean("isDefault", true);
            json.WriteBoolean("isInitial", true);
            json.WriteEndObject();
            json.WriteEndArray();
        }),
    ])
    {
        KnownToGraph = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "assignedPlans", "defaultUsageLocation", "country", "city", "preferredLanguage", "onPremisesSyncEnabled"),
    };

    private static readonly RowShape<SimulatedConsentRequest> ConsentRequest = new("microsoft.graph.appConsentRequest",
    [
        new("id", (json, name, row) => json.WriteString(name, row.Id)),
        new("appId", (json, name, row) => json.WriteString(name, row.AppId)),
        new("appDisplayName", (json, name, row) => json.WriteString(name, row.AppDisplayName)),
        new("pendingScopes", (json, name, row) =>
        {
            json.WriteStartArray(name);
            foreach (var scope in row.PendingScopes)
            {
                json.WriteStartObject();
                json.WriteString("displayName", scope);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),

        // The list never expands them; they are read one app at a time.
        new("userConsentRequests", (json, name, _) => { json.WriteStartArray(name); json.WriteEndArray(); }),
    ]);

    private static readonly RowShape<SimulatedUserRequest> UserRequest = new("microsoft.graph.userConsentRequest",
    [
        new("id", (json, name, row) => json.WriteString(name, row.Id)),
        new("reason", (json, name, row) => json.WriteString(name, row.Reason)),
        new("status", (json, name, row) => json.WriteString(name, row.Status)),
        new("approvalId", (json, name, row) => json.WriteString(name, row.Id)),
        new("createdDateTime", (json, name, row) => json.WriteString(name, row.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"))),
        new("completedDateTime", (json, name, _) => json.WriteNull(name)),
        new("customData", (json, name, _) => json.WriteNull(name)),
        new("createdBy", (json, name, row) =>
        {
            json.WriteStartObject(name);
            json.WriteNull("application");
            json.WriteNull("device");
            json.WriteStartObject("user");
            json.WriteString("id", row.User.Id);
            json.WriteString("displayName", row.User.DisplayName);
            json.WriteEndObject();
            json.WriteEndObject();
        }),
    ]);

    private static readonly RowShape<SimulatedSignInActivity> SignInActivity = new("microsoft.graph.servicePrincipalSignInActivity",
    [
        new("id", (json, name, row) => json.WriteString(name, Convert.ToBase64String(row.AppId.ToByteArray()))),
        new("appId", (json, name, row) => json.WriteString(name, row.AppId)),
        new("lastSignInActivity", (json, name, row) => WriteActivity(json, name, row, row.Delegated > row.AsApplication ? row.Delegated : row.AsApplication ?? row.Delegated)),
        new("delegatedClientSignInActivity", (json, name, row) => WriteActivity(json, name, row, row.Delegated)),
        new("delegatedResourceSignInActivity", (json, name, row) => WriteActivity(json, name, row, null)),
        new("applicationAuthenticationClientSignInActivity", (json, name, row) => WriteActivity(json, name, row, row.AsApplication)),
        new("applicationAuthenticationResourceSignInActivity", (json, name, row) => WriteActivity(json, name, row, null)),
    ]);

    /// <returns>Null when the path is not one of these.</returns>
    public static Reply? Answer(GraphCall call, SimulatorOptions options) => call.Segments switch
    {
        ["organization"] => ListPages.Page(call, [call.State], Organization, "organization"),
        ["policies", "authorizationPolicy"] => AuthorizationPolicy(call),
        ["auditLogs", "directoryAudits"] => Audits(call),
        ["identityGovernance", "appConsent", "appConsentRequests"] => ListPages.Page(
            call, call.State.ConsentRequests, ConsentRequest, "identityGovernance/appConsent/appConsentRequests", Pending(call)),
        ["identityGovernance", "appConsent", "appConsentRequests", var id, "userConsentRequests"] => ListPages.Page(
            call,
            call.State.ConsentRequests.FirstOrDefault(request => request.Id.ToString() == id)?.Requests ?? throw GraphException.NotFound(id),
            UserRequest,
            $"identityGovernance/appConsent/appConsentRequests('{id}')/userConsentRequests"),
        ["reports", "servicePrincipalSignInActivities"] when call.Beta => options.PremiumLicence
            ? ListPages.Page(call, call.State.SignInActivities, SignInActivity, "reports/servicePrincipalSignInActivities")
            : throw new GraphException(
                403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license"),
        _ => null,
    };

    private static PageReply Audits(GraphCall call)
    {
        var events = call.Option("orderby")?.Trim().ToLowerInvariant() switch
        {
            null or "activitydatetime desc" => call.State.AuditEvents,
            "activitydatetime" or "activitydatetime asc" => [.. call.State.AuditEvents.Reverse()],
            var other => throw GraphException.Unsupported($"Ordering by '{other}' is not supported."),
        };
        return ListPages.Page(call, events, AuditShape.Event, "auditLogs/directoryAudits", RowFilters.AuditEvents(call), AuditPageSize);
    }

    /// <summary>The one filter the documentation shows: requests that somebody still waits for.</summary>
    private static Func<SimulatedConsentRequest, bool>? Pending(GraphCall call) => call.Option("filter") switch
    {
        null => null,
        var text when text.Contains("'InProgress'", StringComparison.OrdinalIgnoreCase) => row => row.Requests.Any(request => request.Status == "InProgress"),
        var text => throw GraphException.Unsupported($"Unsupported or invalid query filter clause '{text}'."),
    };

    private static Reply AuthorizationPolicy(GraphCall call) => new()
    {
        Body = json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{call.Root}/$metadata#policies/authorizationPolicy/$entity");
            json.WriteString("id", "authorizationPolicy");
            json.WriteString("displayName", "Authorization Policy");
            json.WriteBoolean("allowUserConsentForRiskyApps", false);
            json.WriteStartObject("defaultUserRolePermissions");
            json.WriteBoolean("allowedToCreateApps", true);
            WritePolicies(json, "permissionGrantPoliciesAssigned", call.State.PermissionGrantPolicies);
            json.WriteEndObject();
            if (call.Beta)
            {
                WritePolicies(json, "permissionGrantPolicyIdsAssignedToDefaultUserRole", call.State.PermissionGrantPolicies);
            }

            json.WriteEndObject();
        },
    };

    private static void WritePolicies(Utf8JsonWriter json, string name, ImmutableArray<string> policies)
    {
        json.WriteStartArray(name);
        foreach (var policy in policies)
        {
            json.WriteStringValue(policy);
        }

        json.WriteEndArray();
    }

    private static void WriteActivity(Utf8JsonWriter json, JsonEncodedText name, SimulatedSignInActivity row, DateTimeOffset? at)
    {
        if (at is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteString("lastSignInDateTime", at.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"));
        json.WriteString("lastSignInRequestId", StableGuid.Named((ulong)at.Value.UtcTicks, RowKind.AuditEvent, row.AppId.ToString()));
        json.WriteEndObject();
    }
}
