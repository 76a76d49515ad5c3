using System.Buffers;
using System.Text.Json;
using Governance.Core.Scans.Runs;

namespace Governance.Core.Scans.Queue;

/// <summary>The message that asks for a run to be carried out: <c>{"schema":1,"tenantId":"...","runId":"..."}</c>.</summary>
public sealed record ScanMessage(Guid TenantId, string RunId)
{
    /// <summary>Version this program writes, and the only one it reads.</summary>
    private const int Schema = 1;

    public static QueueMessage Of(ScanRun run)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("tenantId", run.TenantId);
            json.WriteString("runId", run.Id);
            json.WriteEndObject();
        }

        return new QueueMessage(IdOf(run), run.TenantId, buffer.WrittenMemory);
    }

    /// <summary>Id of the message of a run: the same however often it is sent.</summary>
    public static string IdOf(ScanRun run) => $"scan-{run.TenantId:N}-{run.Id}";

    /// <returns>The message, or why it can never be handled: one line that repeats nothing of the body.</returns>
    public static Parsed<ScanMessage> Read(QueueMessage message)
    {
        try
        {
            using var document = JsonDocument.Parse(message.Body, new JsonDocumentOptions { MaxDepth = 4 });
            return Read(document.RootElement, message.TenantId);
        }
        catch (JsonException)
        {
            return Bad("the body is not JSON");
        }
    }

    private static Parsed<ScanMessage> Read(JsonElement body, Guid? envelope)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Bad("the body is not a JSON object");
        }

        if (!body.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Number || !schema.TryGetInt32(out var version))
        {
            return Bad("the body names no schema version");
        }

        if (version != Schema)
        {
            return Bad($"schema version {version} is not known; this program knows {Schema}");
        }

        if (!body.TryGetProperty("tenantId", out var tenant) || tenant.ValueKind != JsonValueKind.String || !tenant.TryGetGuid(out var id) || id == Guid.Empty)
        {
            return Bad("the body names no tenant");
        }

        if (envelope != id)
        {
            return Bad("the tenant on the envelope is not the one in the body");
        }

        return body.TryGetProperty("runId", out var run) && run.ValueKind == JsonValueKind.String && run.GetString() is { Length: > 0 and <= 64 } runId
            ? new Parsed<ScanMessage>.Good(new ScanMessage(id, runId))
            : Bad("the body names no run");
    }

    private static Parsed<ScanMessage>.Bad Bad(string message) => new([new Problem(0, 0, message)]);
}
