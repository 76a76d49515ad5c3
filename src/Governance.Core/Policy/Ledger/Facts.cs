using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Core.Text;

namespace Governance.Core.Policy.Ledger;

/// <summary>Writes and reads the values of facts.</summary>
internal static class Facts
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Facts without those whose value is null.</summary>
    public static ImmutableSortedDictionary<string, string> Of(params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var kept = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            if (value is not null)
            {
                kept.Add(name, value);
            }
        }

        return kept.ToImmutable();
    }

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A list as JSON, sorted, each text once; null for a list that does not bind.</summary>
    public static string? List(ImmutableArray<string>? texts)
    {
        if (texts is null)
        {
            return null;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartArray();
            foreach (var text in texts.Value.Distinct(NameForm.Comparer).Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static ImmutableArray<string>? ListOf(LedgerEntry entry, string name)
    {
        if (!entry.Facts.TryGetValue(name, out var value))
        {
            return null;
        }

        using var document = JsonDocument.Parse(value);
        return [.. document.RootElement.EnumerateArray().Select(text => text.GetString() ?? string.Empty)];
    }

    public static DateOnly? DayOf(LedgerEntry entry, string name) =>
        entry.Facts.TryGetValue(name, out var value) ? DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    public static Guid? IdOf(LedgerEntry entry, string name) =>
        entry.Facts.TryGetValue(name, out var value) ? Guid.Parse(value) : null;

    public static long NumberOf(LedgerEntry entry, string name) => long.Parse(entry.Fact(name), NumberStyles.None, CultureInfo.InvariantCulture);
}
