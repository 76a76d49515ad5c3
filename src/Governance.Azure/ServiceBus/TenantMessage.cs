using System.Text.Json;
using System.Text.Json.Nodes;

namespace Governance.Azure.ServiceBus;

/// <summary>The form of messages that name something of a tenant: <c>{"schema":1,"tenantId":"...","&lt;what&gt;":"..."}</c>.</summary>
internal static class TenantMessage
{
    private const int Schema = 1;

    public static BinaryData Body(Guid tenantId, string what, string name) =>
        BinaryData.FromString(new JsonObject { ["schema"] = Schema, ["tenantId"] = tenantId, [what] = name }.ToJsonString());

    /// <returns>Null when it is not such a message.</returns>
    public static (Guid TenantId, string Name)? Read(ReadOnlyMemory<byte> body, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var version) && version == Schema
                && root.TryGetProperty("tenantId", out var tenant) && tenant.ValueKind == JsonValueKind.String && tenant.TryGetGuid(out var id) && id != Guid.Empty
                && root.TryGetProperty(what, out var named) && named.ValueKind == JsonValueKind.String
                    ? (id, named.GetString()!)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
