using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph <c>appConsentRequest</c> and the <c>userConsentRequest</c> rows below it.</summary>
internal static class ConsentRequestRow
{
    /// <summary>The request as the list shows it: without who asked and when, which the list leaves empty.</summary>
    public static ConsentRequest? Read(JsonElement row, ref string? fault)
    {
        if (Member.Text(row, "id") is not { Length: > 0 } id)
        {
            fault = "id is missing";
            return null;
        }

        if (Member.Id(row, "appId") is not { } app)
        {
            fault = "appId is not a GUID";
            return null;
        }

        var scopes = Member.List(row, "pendingScopes").Select(scope => Member.Text(scope, "displayName")).OfType<string>();
        return new ConsentRequest(id, app, Member.Text(row, "appDisplayName") ?? string.Empty, [.. scopes.Order(StringComparer.Ordinal)], null, null);
    }

    /// <summary>One user's asking.</summary>
    public static UserRequest? ReadUser(JsonElement row, ref string? fault)
    {
        if (Member.Text(row, "id") is not { Length: > 0 } id || Member.Text(row, "status") is not { } status)
        {
            fault = "id or status is missing";
            return null;
        }

        return new UserRequest(id, string.Equals(status, "InProgress", StringComparison.OrdinalIgnoreCase), Member.Time(row, "createdDateTime"));
    }

    internal sealed record UserRequest(string Id, bool Pending, DateTimeOffset? CreatedAt);
}
