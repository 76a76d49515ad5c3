using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph <c>agentIdentity</c>: what it tells beyond its service principal.</summary>
internal static class AgentIdentityRow
{
    public static AgentIdentity? Read(JsonElement row, ref string? fault)
    {
        if (Member.Id(row, "id") is { } id)
        {
            return new AgentIdentity(id, Member.Id(row, "agentIdentityBlueprintId"), Member.Id(row, "createdByAppId"));
        }

        fault = "id is not a GUID";
        return null;
    }
}
