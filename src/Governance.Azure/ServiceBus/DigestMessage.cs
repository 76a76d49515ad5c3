using System.Text.Json;

namespace Governance.Azure.ServiceBus;

/// <summary>The message that asks for a channel's digest: <c>{"schema":1,"tenantId":"...","channel":"..."}</c>.</summary>
public sealed record DigestMessage(Guid TenantId, string Channel)
{
    private const int Schema = 1;

    public BinaryData ToBody() => BinaryData.FromObjectAsJson(new { schema = Schema, tenantId = TenantId, channel = Channel });

    /// <returns>Null when it is not such a message.</returns>
    public static DigestMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var version) && version == Schema
                && root.TryGetProperty("tenantId", out var tenant) && tenant.ValueKind == JsonValueKind.String && tenant.TryGetGuid(out var id) && id != Guid.Empty
                && root.TryGetProperty("channel", out var channel) && channel.ValueKind == JsonValueKind.String
                    ? new DigestMessage(id, channel.GetString()!)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
