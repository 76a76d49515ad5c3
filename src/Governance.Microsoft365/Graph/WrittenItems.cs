using System.Text.Json;
using Governance.Core.Policy.Revocations;

namespace Governance.Microsoft365.Graph;

/// <summary>Grants and app role assignments as Graph writes them.</summary>
internal static class WrittenItems
{
    public static RevocationItem Grant(JsonElement row) => new RevocationItem.Grant(
        row.GetProperty("id").GetString()!,
        row.GetProperty("clientId").GetGuid(),
        row.GetProperty("resourceId").GetGuid(),
        row.TryGetProperty("principalId", out var principal) && principal.ValueKind == JsonValueKind.String ? principal.GetGuid() : null,
        row.TryGetProperty("scope", out var scope) ? scope.GetString() ?? string.Empty : string.Empty);

    /// <returns>Null for default access, which opens no API.</returns>
    public static RevocationItem? Assignment(JsonElement row) => row.GetProperty("appRoleId").GetGuid() is var role && role == Guid.Empty
        ? null
        : new RevocationItem.Assignment(row.GetProperty("id").GetString()!, row.GetProperty("principalId").GetGuid(), row.GetProperty("resourceId").GetGuid(), role);

    public static string PathOf(RevocationItem item) => $"{CollectionOf(item)}/{Uri.EscapeDataString(item.Id)}";

    public static string CollectionOf(RevocationItem item) => item switch
    {
        RevocationItem.Assignment assignment => $"servicePrincipals/{assignment.PrincipalId:D}/appRoleAssignments",
        _ => "oauth2PermissionGrants",
    };

    public static string RightFor(string path) =>
        path.StartsWith("oauth2", StringComparison.Ordinal) ? "DelegatedPermissionGrant.ReadWrite.All" : "AppRoleAssignment.ReadWrite.All";

    public static byte[] BodyOf(RevocationItem item)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            switch (item)
            {
                case RevocationItem.Grant grant:
                    json.WriteString("clientId", grant.ClientId);
                    json.WriteString("consentType", grant.PrincipalId is null ? "AllPrincipals" : "Principal");
                    if (grant.PrincipalId is { } user)
                    {
                        json.WriteString("principalId", user);
                    }

                    json.WriteString("resourceId", grant.ResourceId);
                    json.WriteString("scope", grant.Scope);
                    break;
                case RevocationItem.Assignment assignment:
                    json.WriteString("principalId", assignment.PrincipalId);
                    json.WriteString("resourceId", assignment.ResourceId);
                    json.WriteString("appRoleId", assignment.RoleId);
                    break;
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
