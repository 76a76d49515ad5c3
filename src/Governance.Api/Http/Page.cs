using System.Text.Json;

namespace Governance.Api.Http;

/// <summary>A piece of a list and where the next one starts.</summary>
internal static class Page
{
    private const int Usual = 50;
    private const int Most = 200;

    /// <summary>Parameters of every list.</summary>
    public static readonly string[] Query = ["limit", "cursor"];

    /// <summary>Writes <c>{ name: [...], "total", "next" }</c>.</summary>
    /// <param name="items">The whole list in order: number descending, moment descending, id ascending.</param>
    public static ApiAnswer Of<T>(ApiCall call, Guid tenant, string name, IReadOnlyList<T> items, Func<T, Cursor> place, Action<Utf8JsonWriter, T> write)
    {
        var limit = call.Number("limit", Usual, 1, Most);
        var list = string.Join('\n', call.Endpoint.Query.Except(Query).Select(call.Query).Prepend(tenant.ToString()).Prepend(call.Endpoint.Name));
        var from = 0;
        if (call.Query("cursor") is { } text)
        {
            var after = Cursor.Read(call.Api.Options.CursorKey, list, text);
            while (from < items.Count && Compare(place(items[from]), after) <= 0)
            {
                from++;
            }
        }

        var piece = items.Skip(from).Take(limit).ToArray();
        return ApiAnswer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray(name);
            foreach (var item in piece)
            {
                write(json, item);
            }

            json.WriteEndArray();
            json.WriteNumber("total", items.Count);
            json.WriteString("next", from + piece.Length < items.Count ? place(piece[^1]).Write(call.Api.Options.CursorKey, list) : null);
            json.WriteEndObject();
        });
    }

    private static int Compare(Cursor one, Cursor other) =>
        one.Number != other.Number ? other.Number.CompareTo(one.Number)
        : one.Moment != other.Moment ? other.Moment.CompareTo(one.Moment)
        : string.CompareOrdinal(one.Id, other.Id);
}
