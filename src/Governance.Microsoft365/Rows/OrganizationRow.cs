using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph <c>organization</c>.</summary>
internal static class OrganizationRow
{
    public static Organization? Read(JsonElement row, ref string? fault)
    {
        if (Member.Id(row, "id") is not { } id)
        {
            fault = "id is not a GUID";
            return null;
        }

        return new Organization(id, Member.Text(row, "displayName") ?? string.Empty, Member.Text(row, "countryLetterCode"));
    }
}
