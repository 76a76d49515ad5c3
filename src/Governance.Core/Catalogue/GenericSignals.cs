using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>A word that speaks for AI, or against a reading as AI, without naming a product.</summary>
/// <param name="Senses">For a sign: the one thing it tells, counted once; for a negative: what it takes back.</param>
/// <param name="Form">Null, or how it must be written: <c>upper</c>, <c>dotted</c>, <c>last</c>, <c>any</c>; <c>after</c> for what follows the sign.</param>
/// <param name="Weight">Below 0 for a negative.</param>
internal sealed record GenericWord(string Text, string[] Senses, string? Form, double Weight, string Language);

/// <summary>Words that speak for AI in several languages; alone they never give more than <see cref="Cap"/>.</summary>
/// <remarks>Data: <c>generic-signals.json</c>.</remarks>
internal static class GenericSignals
{
    private static readonly PhraseSet<GenericWord> Words = new();

    static GenericSignals()
    {
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("generic-signals.json"));
        var root = file.RootElement;
        Cap = root.GetProperty("cap").GetDouble();
        Strong = root.GetProperty("strong").GetDouble();
        AiDomain = root.GetProperty("aiDomain").GetDouble();
        AiLabel = root.GetProperty("aiLabel").GetDouble();
        foreach (var entry in root.GetProperty("signals").EnumerateArray())
        {
            Add(entry, [entry.GetProperty("sense").GetString()!], entry.GetProperty("language").GetString()!);
        }

        foreach (var entry in root.GetProperty("negatives").EnumerateArray())
        {
            Add(entry, [.. entry.GetProperty("against").EnumerateArray().Select(sense => sense.GetString()!)], string.Empty);
        }
    }

    /// <summary>The most that generic signs give together.</summary>
    public static double Cap { get; }

    /// <summary>From here on generic signs make a verdict.</summary>
    public static double Strong { get; }

    /// <summary>Weight of an <c>.ai</c> domain.</summary>
    public static double AiDomain { get; }

    /// <summary>Weight of a domain with "ai" or "gpt" as a part of its own.</summary>
    public static double AiLabel { get; }

    /// <summary>True for a word or phrase of the list, written without gaps.</summary>
    public static bool Contains(ReadOnlySpan<char> folded) => Words.Contains(folded);

    /// <summary>Signs in a name: the heaviest of each sense, those that a negative takes back left out, and the negatives that did.</summary>
    /// <param name="beside">A product's name, whose own words are no signs; null when there is none.</param>
    public static List<Signal> FindIn(NameWords words, NameMatch? beside)
    {
        bool Within(int piece) => beside is { } product && piece >= product.First && piece <= product.Last;

        var best = new SortedDictionary<string, (GenericWord Word, int First, int Last)>(StringComparer.Ordinal);
        var negatives = new List<(GenericWord Word, int First, int Last)>();
        foreach (var (first, last, word) in Words.FindIn(words))
        {
            if (word.Weight < 0)
            {
                negatives.Add((word, first, last));
            }
            else if (!Within(first) && !Within(last) && Written(words, first, last, word) && (!best.TryGetValue(word.Senses[0], out var known) || word.Weight > known.Word.Weight))
            {
                best[word.Senses[0]] = (word, first, last);
            }
        }

        var signals = new List<Signal>();
        foreach (var (negative, first, last) in negatives)
        {
            foreach (var sense in negative.Senses)
            {
                if (best.TryGetValue(sense, out var sign) && !(first >= sign.First && last <= sign.Last) &&
                    (negative.Form != "after" || first == sign.Last + 1))
                {
                    best.Remove(sense);
                    signals.Add(new Signal("negative", Shown(words, first, last), negative.Text, negative.Weight));
                }
            }
        }

        if (best.TryGetValue("ai", out var ai) && Initials(words, ai.First, ai.Last) is { } initials)
        {
            best.Remove("ai");
            signals.Add(new Signal("negative", Shown(words, ai.First, ai.Last), initials, -0.5));
        }

        signals.AddRange(best.Values.Select(sign => new Signal("genericName", Shown(words, sign.First, sign.Last), sign.Word.Text, sign.Word.Weight)));
        return signals;
    }

    private static bool Written(NameWords words, int first, int last, GenericWord word)
    {
        var whole = words.StartsWord(first) && words.EndsWord(last) || words.Text(first, last)[0] > 0x3040 || words.Folded.Length > 0 && Camel(words, first, last);
        return whole && word.Form switch
        {
            "upper" => words[first].Upper && !words[first].Digits,
            "dotted" => words[first].Separator == '.' && first > 0 && words[first - 1].Length > 1 && (last == words.Count - 1 || words[last + 1].AfterGap),
            "last" => last == words.Count - 1 && first > 0 && words[first].Separator != '.' && words.Text(0, first - 1).Length > 2,
            _ => true,
        };
    }

    /// <summary>Inside a run, capitals or a change of script mark where a word begins: "TextAI", "AI写作".</summary>
    private static bool Camel(NameWords words, int first, int last) =>
        (words.StartsWord(first) || words[first].Upper || words.Text(first, last).Length >= 4) &&
        (words.EndsWord(last) || words[last + 1].Length > 1 || words[last + 1].Digits || words.Text(last + 1, last + 1)[0] > 0x3040);

    /// <returns>The words it abbreviates, for "Accounts Inbox (AI)"; null when it abbreviates none here.</returns>
    private static string? Initials(NameWords words, int first, int last)
    {
        if (first != last || words.Text(first, last).Length != 2 || first < 2 || words[first].Separator is not ('(' or '-' or '['))
        {
            return null;
        }

        var sign = words.Text(first, last);
        return words.Text(first - 2, first - 2)[0] == sign[0] && words.Text(first - 1, first - 1)[0] == sign[1]
            ? Shown(words, first - 2, first - 1)
            : null;
    }

    private static string Shown(NameWords words, int first, int last)
    {
        var from = words[first].Source;
        var to = last + 1 < words.Count ? words[last + 1].Source : words.Raw.Length;
        return words.Raw[from..to].Trim();
    }

    private static void Add(JsonElement entry, string[] senses, string language)
    {
        var form = entry.TryGetProperty("form", out var stated) ? stated.GetString() : null;
        var weight = entry.GetProperty("weight").GetDouble();
        foreach (var word in entry.GetProperty("words").EnumerateArray())
        {
            Words.Add(word.GetString()!, new GenericWord(word.GetString()!, senses, form, weight, language));
        }
    }
}
