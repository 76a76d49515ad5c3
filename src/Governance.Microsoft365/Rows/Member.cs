using System.Text;
using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Members of a small JSON object; a missing one and one of another type both count as not stated.</summary>
internal static class Member
{
    public static string? Text(JsonElement row, string name)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value.GetRawText()));
        reader.Read();
        return JsonText.Of(ref reader);
    }

    public static Guid? Id(JsonElement row, string name) => Guid.TryParse(Text(row, name), out var id) ? id : null;

    public static DateTimeOffset? Time(JsonElement row, string name)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out var value))
        {
            return null;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"[{value.GetRawText()}]"));
        reader.Read();
        return JsonField.Time(ref reader, out var time) ? time : null;
    }

    public static JsonElement Object(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) ? value : default;

    public static IEnumerable<JsonElement> List(JsonElement row, string name) =>
        Object(row, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
