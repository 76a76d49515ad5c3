using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Governance.Core.Scans.Records;

/// <summary>Reads and writes records as JSON.</summary>
internal static class RecordJson
{
    /// <summary>Text is not escaped for HTML: what is kept is never shown as it is. A lone surrogate becomes U+FFFD.</summary>
    public static readonly RecordJsonContext Kept =
        new(new JsonSerializerOptions(RecordJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <exception cref="RecordDamagedException">The bytes are not the JSON of such a record.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, string record)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new RecordDamagedException(record, "it is empty");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new RecordDamagedException(record, "it does not read as JSON of its kind", fault);
        }
    }
}
