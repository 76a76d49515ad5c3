using System.Text.Json;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>Consent events of the audit log as captures show them, with their oddities: values are JSON inside strings.</summary>
internal static class AuditShape
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    public static readonly RowShape<SimulatedAuditEvent> Event = new("microsoft.graph.directoryAudit",
    [
        new("id", (json, name, row) => json.WriteString(name, $"Directory_{row.CorrelationId}_{Hash.Mix(0, row.Activity) % 100_000:00000}_{row.At.UtcTicks % 10_000_000}")),
        new("category", (json, name, row) => json.WriteString(name, "ApplicationManagement")),
        new("correlationId", (json, name, row) => json.WriteString(name, row.CorrelationId)),
        new("result", (json, name, row) => json.WriteString(name, "success")),
        new("resultReason", (json, name, row) => json.WriteString(name, "")),
        new("activityDisplayName", (json, name, row) => json.WriteString(name, row.Activity)),
        new("activityDateTime", (json, name, row) => json.WriteString(name, row.At.UtcDateTime.ToString(Timestamp))),
        new("loggedByService", (json, name, row) => json.WriteString(name, "Core Directory")),
        new("operationType", (json, name, row) => json.WriteString(name, row.Activity switch
        {
            "Remove delegated permission grant" => "Unassign",
            "Add service principal" => "Add",
            _ => "Assign",
        })),
        new("initiatedBy", WriteInitiator),
        new("targetResources", WriteTargets),
        new("additionalDetails", WriteDetails),
    ]);

    private static void WriteInitiator(Utf8JsonWriter json, JsonEncodedText name, SimulatedAuditEvent row)
    {
        json.WriteStartObject(name);
        json.WriteNull("app");
        json.WriteStartObject("user");
        json.WriteString("id", row.Actor.Id);

        // The sign-in service stands in for some users' names.
        json.WriteString("displayName", row.CorrelationId.ToByteArray()[0] % 3 == 0 ? "Azure ESTS Service" : row.Actor.DisplayName);
        json.WriteString("userPrincipalName", row.Actor.UserPrincipalName);
        json.WriteString("ipAddress", $"203.0.113.{row.CorrelationId.ToByteArray()[1]}");
        json.WriteNull("userType");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTargets(Utf8JsonWriter json, JsonEncodedText name, SimulatedAuditEvent row)
    {
        json.WriteStartArray(name);
        switch (row.Activity)
        {
            case "Consent to application":
                WriteTarget(json, row.Client.Id, row.Client.DisplayName, () =>
                {
                    WriteChange(json, "ConsentContext.IsAdminConsent", null, Quoted(row.PrincipalId is null ? "True" : "False"));
                    WriteChange(json, "ConsentContext.IsAppOnly", null, Quoted("False"));
                    WriteChange(json, "ConsentContext.OnBehalfOfAll", null, Quoted(row.PrincipalId is null ? "True" : "False"));
                    WriteChange(json, "ConsentContext.Tags", null, Quoted("WindowsAzureActiveDirectoryIntegratedApp"));
                    var after = Permissions(row, row.NewScope);
                    WriteChange(json, "ConsentAction.Permissions", null, Quoted(row.OldScope is null ? $"[] => {after}" : $"{Permissions(row, row.OldScope)} => {after}"));
                    WriteChange(json, "TargetId.ServicePrincipalNames", null, Quoted(row.Client.AppId?.ToString() ?? row.Client.Id.ToString()));
                });
                break;
            case "Add app role assignment grant to user":
                WriteTarget(json, row.Client.Id, row.Client.DisplayName, () =>
                {
                    WriteChange(json, "AppRole.Id", null, Quoted(Guid.Empty.ToString()));
                    WriteChange(json, "AppRole.Value", null, Quoted(""));
                    WriteChange(json, "User.ObjectID", null, Quoted(row.PrincipalId.ToString() ?? ""));
                });
                break;
            case "Add service principal":
                WriteTarget(json, row.Client.Id, row.Client.DisplayName, () =>
                    WriteChange(json, "AppPrincipalId", null, JsonSerializer.Serialize(new[] { row.Client.AppId?.ToString() ?? "" })));
                break;
            default:
                WriteTarget(json, row.Resource!.Id, row.Resource.DisplayName, () =>
                {
                    WriteChange(json, "DelegatedPermissionGrant.Scope", Scope(row.OldScope), Scope(row.NewScope));
                    var type = Quoted(row.PrincipalId is null ? "AllPrincipals" : "Principal");
                    WriteChange(json, "DelegatedPermissionGrant.ConsentType", row.OldScope is null ? null : type, row.NewScope is null ? null : type);
                    if (row.PrincipalId is { } principal)
                    {
                        WriteChange(json, "DelegatedPermissionGrant.PrincipalId", null, Quoted(principal.ToString()));
                    }

                    WriteChange(json, "ServicePrincipal.ObjectID", null, Quoted(row.Client.Id.ToString()));
                    WriteChange(json, "ServicePrincipal.DisplayName", null, null);
                    WriteChange(json, "ServicePrincipal.AppId", null, null);
                });
                WriteTarget(json, row.Client.Id, null, () => { });
                break;
        }

        json.WriteEndArray();
    }

    private static void WriteDetails(Utf8JsonWriter json, JsonEncodedText name, SimulatedAuditEvent row)
    {
        json.WriteStartArray(name);
        WriteDetail(json, "User-Agent", "EvoSTS");

        // For a grant this is the resource's app id, not the client's.
        WriteDetail(json, "AppId", ((row.Resource is null || row.Activity == "Consent to application" ? row.Client : row.Resource).AppId ?? Guid.Empty).ToString());
        json.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter json, string key, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteString("value", value);
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, Guid id, string? displayName, Action changes)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("displayName", displayName);
        json.WriteString("type", "ServicePrincipal");
        json.WriteNull("userPrincipalName");
        json.WriteNull("groupType");
        json.WriteStartArray("modifiedProperties");
        changes();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter json, string name, string? before, string? after)
    {
        json.WriteStartObject();
        json.WriteString("displayName", name);
        json.WriteString("oldValue", before);
        json.WriteString("newValue", after);
        json.WriteEndObject();
    }

    private static string Permissions(SimulatedAuditEvent row, string? scope) =>
        $"[[Id: {GrantId.Encode(new GrantKey(row.Client.Id, row.Resource!.Id, row.PrincipalId))}, ClientId: {Guid.Empty}, PrincipalId: {row.PrincipalId}, "
        + $"ResourceId: {row.Resource.Id}, ConsentType: {(row.PrincipalId is null ? "AllPrincipals" : "Principal")}, Scope:  {scope?.Trim()}, CreatedDateTime: , LastModifiedDateTime ]]; ";

    private static string? Scope(string? scope) => scope is null ? null : Quoted(" " + scope.Trim());

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
