using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Governance.Core.Scans.Records;

/// <summary>Counts by name, sorted ordinally whatever the machine's culture says.</summary>
internal sealed class OrdinalCountsConverter : JsonConverter<ImmutableSortedDictionary<string, int>>
{
    public override ImmutableSortedDictionary<string, int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("counts are an object");
        }

        var counts = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            counts[name] = reader.GetInt32();
        }

        return counts.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, int> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, count) in value)
        {
            writer.WriteNumber(name, count);
        }

        writer.WriteEndObject();
    }
}
