using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph beta <c>servicePrincipalSignInActivity</c>: the two activities in which the app is the client.</summary>
internal static class SignInRow
{
    public static SignInActivity? Read(JsonElement row, ref string? fault)
    {
        if (Member.Id(row, "appId") is not { } app)
        {
            fault = "appId is not a GUID";
            return null;
        }

        return new SignInActivity(app, At("delegatedClientSignInActivity"), At("applicationAuthenticationClientSignInActivity"));

        DateTimeOffset? At(string activity) => Member.Time(Member.Object(row, activity), "lastSignInDateTime");
    }
}
