using System.Text.Json;
using System.Text.Json.Serialization;

namespace Governance.Core.Scans.Records;

/// <summary>Reads short texts that many records share, such as scopes and names of APIs, as one string.</summary>
/// <remarks>The pool is small and forgets: a text that lost its place is simply read anew. Safe for many threads.</remarks>
internal sealed class PooledTextConverter : JsonConverter<string>
{
    private const int Slots = 8192;

    /// <summary>Longest text pooled, in bytes of UTF-8; longer ones are rarely the same.</summary>
    private const int Longest = 96;

    private static readonly string?[] Pool = new string?[Slots];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
        {
            return reader.GetString();
        }

        var hash = default(HashCode);
        hash.AddBytes(reader.ValueSpan);
        ref var slot = ref Pool[(uint)hash.ToHashCode() % Slots];
        var pooled = Volatile.Read(ref slot);
        if (pooled is not null && reader.ValueTextEquals(pooled))
        {
            return pooled;
        }

        var text = reader.GetString();
        Volatile.Write(ref slot, text);
        return text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
