using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Governance.Core.Scans.Records;

/// <summary>Reads and writes records as JSON.</summary>
internal static class RecordJson
{
    /// <summary>Text is not escaped for HTML: what is kept is never shown as it is. A lone surrogate becomes U+FFFD.</summary>
    private static readonly JsonSerializerOptions Kept = new(RecordJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = RecordJsonContext.Default.WithAddedModifier(LeaveOutComputed),
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, TypeOf<T>());

    /// <exception cref="RecordDamagedException">The bytes are not the JSON of such a record.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8, string record)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, TypeOf<T>()) ?? throw new RecordDamagedException(record, "it is empty");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            throw new RecordDamagedException(record, "it does not read as JSON of its kind", fault);
        }
    }

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Kept.GetTypeInfo(typeof(T));

    /// <remarks>The serializer's own option for this leaves computed collections in.</remarks>
    private static void LeaveOutComputed(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i] is { Set: null, AssociatedParameter: null })
            {
                type.Properties.RemoveAt(i);
            }
        }
    }
}
