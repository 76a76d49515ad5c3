using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Governance.Core.Digest;

/// <summary>The words, plurals, numbers and dates of one language, from <c>Languages/*.json</c>.</summary>
/// <remarks>The program runs without culture data, so the few rules needed are data of our own (source: Unicode CLDR 46, read 2026-11-22).</remarks>
public sealed class Language
{
    /// <summary>Languages that people can receive, by tag.</summary>
    public static readonly ImmutableArray<string> Tags = ["en", "de", "fr", "zh-Hans"];

    private static readonly Dictionary<string, Lazy<Language>> Known = Tags.ToDictionary(tag => tag, tag => new Lazy<Language>(() => Load(tag)), StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, JsonElement> _texts;
    private readonly string[] _months;
    private readonly string[] _shortMonths;

    private Language(string tag, Dictionary<string, JsonElement> texts)
    {
        Tag = tag;
        _texts = texts;
        _months = List("months");
        _shortMonths = List("shortMonths");
    }

    /// <summary>BCP 47 tag such as <c>zh-Hans</c>.</summary>
    public string Tag { get; }

    /// <exception cref="ArgumentException">No such language.</exception>
    public static Language Of(string tag) => Known.TryGetValue(tag, out var language)
        ? language.Value
        : throw new ArgumentException($"no language '{tag}'; there are {string.Join(", ", Tags)}", nameof(tag));

    /// <summary>Every key, sorted: all languages have the same.</summary>
    public IEnumerable<string> Keys => _texts.Keys.Order(StringComparer.Ordinal);

    /// <summary>A text without places to fill.</summary>
    /// <exception cref="KeyNotFoundException">The language has no such text.</exception>
    public string Text(string key) => Find(key).GetString()!;

    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>A sentence with its places filled.</summary>
    /// <param name="values">
    /// By place name: a number (written in the language's way; the one named <c>n</c> also picks the plural), a date, our own
    /// text as <see cref="string"/>, or tenant text as <see cref="Wording"/>.
    /// </param>
    public Wording Say(string key, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var template = Find(key);
        var pattern = template.ValueKind == JsonValueKind.Object ? Plural(template, values) : template.GetString()!;
        var parts = ImmutableArray.CreateBuilder<TextPart>();
        var at = 0;
        while (pattern.IndexOf('{', at) is var open and >= 0)
        {
            var close = pattern.IndexOf('}', open);
            var name = pattern[(open + 1)..close];
            Append(parts, pattern[at..open]);
            AppendValue(parts, key, name, values);
            at = close + 1;
        }

        Append(parts, pattern[at..]);
        return new Wording(parts.ToImmutable());
    }

    /// <summary>A number with at most one decimal, in the language's way.</summary>
    public string Number(decimal value)
    {
        var rounded = Math.Round(value, 1, MidpointRounding.AwayFromZero);
        var text = rounded.ToString(rounded == decimal.Truncate(rounded) ? "#,##0" : "#,##0.0", CultureInfo.InvariantCulture);
        return string.Concat(text.Select(c => c switch { ',' => Text("number.group"), '.' => Text("number.decimal"), _ => c.ToString() }));
    }

    public string Percent(decimal value) => Text("number.percent").Replace("{n}", Number(value), StringComparison.Ordinal);

    /// <param name="number">From 1 to 12.</param>
    public string Month(int number) => _months[number - 1];

    public string Date(DateOnly date) => Fill("date.long", date, _months);

    public string ShortDate(DateOnly date) => Fill("date.short", date, _shortMonths);

    private string Fill(string key, DateOnly date, string[] months) => Text(key)
        .Replace("{d}", date.Day == 1 ? Text("date.first") : date.Day.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{m}", months[date.Month - 1], StringComparison.Ordinal)
        .Replace("{y}", date.Year.ToString("0000", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private JsonElement Find(string key) =>
        _texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"language {Tag} has no text '{key}'");

    private string Plural(JsonElement forms, ReadOnlySpan<(string Name, object Value)> values)
    {
        foreach (var (name, value) in values)
        {
            if (name == "n")
            {
                var one = Text("plural") switch
                {
                    "one-is-1" => Convert.ToDecimal(value, CultureInfo.InvariantCulture) == 1,
                    "one-below-2" => Convert.ToDecimal(value, CultureInfo.InvariantCulture) < 2,
                    _ => false,
                };
                return (one && forms.TryGetProperty("one", out var form) ? form : forms.GetProperty("other")).GetString()!;
            }
        }

        return forms.GetProperty("other").GetString()!;
    }

    private void AppendValue(ImmutableArray<TextPart>.Builder parts, string key, string name, ReadOnlySpan<(string Name, object Value)> values)
    {
        foreach (var (given, value) in values)
        {
            if (given != name)
            {
                continue;
            }

            switch (value)
            {
                case Wording wording:
                    parts.AddRange(wording.Parts);
                    return;
                case string text:
                    Append(parts, text);
                    return;
                case DateOnly date:
                    Append(parts, Date(date));
                    return;
                default:
                    Append(parts, Number(Convert.ToDecimal(value, CultureInfo.InvariantCulture)));
                    return;
            }
        }

        throw new ArgumentException($"text '{key}' needs '{name}'", nameof(values));
    }

    private static void Append(ImmutableArray<TextPart>.Builder parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new TextPart(text, false));
        }
    }

    private string[] List(string key) => [.. Find(key).EnumerateArray().Select(item => item.GetString()!)];

    private static Language Load(string tag)
    {
        using var stream = typeof(Language).Assembly.GetManifestResourceStream($"{typeof(Language).Namespace}.Languages.{tag}.json")
            ?? throw new InvalidOperationException($"the texts of language {tag} are not in the program");
        using var document = JsonDocument.Parse(stream);
        return new Language(tag, document.RootElement.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.Clone(), StringComparer.Ordinal));
    }
}
