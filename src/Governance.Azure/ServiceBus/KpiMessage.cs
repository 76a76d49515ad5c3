using System.Text.Json;

namespace Governance.Azure.ServiceBus;

/// <summary>The message that asks for the figures of a scan to be proven: <c>{"schema":1,"tenantId":"...","scanId":"..."}</c>.</summary>
public sealed record KpiMessage(Guid TenantId, string ScanId)
{
    private const int Schema = 1;

    public BinaryData ToBody() => BinaryData.FromObjectAsJson(new { schema = Schema, tenantId = TenantId, scanId = ScanId });

    /// <returns>Null when it is not such a message.</returns>
    public static KpiMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 4 });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var version) && version == Schema
                && root.TryGetProperty("tenantId", out var tenant) && tenant.ValueKind == JsonValueKind.String && tenant.TryGetGuid(out var id) && id != Guid.Empty
                && root.TryGetProperty("scanId", out var scan) && scan.ValueKind == JsonValueKind.String && scan.GetString() is { Length: > 0 and <= 64 } scanId
                    ? new KpiMessage(id, scanId)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
