using System.Collections.Frozen;
using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>Brands by their words: exact, by what they look like, and by what is left when letters are missing.</summary>
/// <remarks>Curated brands are data (<c>brands.json</c>); every product of the catalogue is one beside them.</remarks>
internal sealed class BrandIndex
{
    private const int ShortestWord = 5;

    /// <summary>From this length on two letters may differ.</summary>
    private const int LongWord = 9;

    private readonly Dictionary<string, List<BrandWord>> _near = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BrandWord>>.AlternateLookup<ReadOnlySpan<char>> _nearLookup;
    private readonly List<BrandWord> _long = [];
    private readonly Dictionary<string, BrandWord> _skeletons = new(StringComparer.Ordinal);
    private readonly PhraseSet<Brand> _phrases = new();

    public BrandIndex(ProductCatalogue catalogue)
    {
        _nearLookup = _near.GetAlternateLookup<ReadOnlySpan<char>>();
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("brands.json"));
        foreach (var entry in file.RootElement.GetProperty("brands").EnumerateArray())
        {
            AddCurated(entry, catalogue);
        }

        foreach (var product in Texts(file.RootElement, "ownProducts"))
        {
            OwnProducts.Add(product, true);
        }

        foreach (var (folded, name) in catalogue.Names.All)
        {
            AddProduct(folded, name);
        }
    }

    /// <summary>Exact names of curated brands, and of AI products that are no common word.</summary>
    public PhraseSet<Brand> Phrases => _phrases;

    /// <summary>Products that brands themselves named with words that otherwise lure.</summary>
    public PhraseSet<bool> OwnProducts { get; } = new();

    /// <summary>The brand word that a word looks like; null when it looks like none.</summary>
    public BrandWord? LooksLike(string skeleton) => _skeletons.GetValueOrDefault(skeleton);

    /// <summary>Brand words at most two letters away, nearest first; long ones only at two.</summary>
    public IEnumerable<(BrandWord Word, int Distance)> Near(string folded)
    {
        var found = new Dictionary<BrandWord, int>();
        Span<char> rest = stackalloc char[folded.Length];
        for (var left = -1; left < folded.Length; left++)
        {
            var length = left < 0 ? folded.Length : folded.Length - 1;
            folded.AsSpan(0, Math.Max(left, 0)).CopyTo(rest);
            folded.AsSpan(left + 1).CopyTo(rest[Math.Max(left, 0)..]);
            if (!_nearLookup.TryGetValue(rest[..length], out var words))
            {
                continue;
            }

            foreach (var word in words)
            {
                if (EditDistance.Between(folded, word.Folded) == 1)
                {
                    found[word] = 1;
                }
            }
        }

        foreach (var word in _long)
        {
            if (word.Folded[0] == folded[0] && Math.Abs(word.Folded.Length - folded.Length) <= 2 && EditDistance.Between(folded, word.Folded) == 2)
            {
                found.TryAdd(word, 2);
            }
        }

        return found.Count == 0 ? [] : found.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Value).ThenByDescending(entry => entry.Key.Brand.Curated).ThenBy(entry => entry.Key.Brand.Name, StringComparer.Ordinal);
    }

    private void AddCurated(JsonElement entry, ProductCatalogue catalogue)
    {
        var name = entry.GetProperty("name").GetString()!;
        var brand = new Brand(
            name,
            Texts(entry, "publishers").Select(PublisherKey.Of).ToFrozenSet(StringComparer.Ordinal),
            Texts(entry, "domains").ToFrozenSet(StringComparer.Ordinal),
            true,
            entry.TryGetProperty("owner", out var owner) && owner.GetString() == "microsoft",
            catalogue.Names.Exact(NameWords.Of(name).Folded)?.Product);
        foreach (var phrase in Texts(entry, "phrases"))
        {
            _phrases.Add(phrase, brand);
            var folded = NameWords.Of(phrase).Folded;
            if (folded.Length >= ShortestWord)
            {
                _skeletons.TryAdd(Confusables.Skeleton(folded), new BrandWord(folded, [], brand, true));
            }
        }

        var spelled = Texts(entry, "spelled").ToHashSet(StringComparer.Ordinal);
        foreach (var word in Texts(entry, "words").Union(spelled, StringComparer.Ordinal))
        {
            AddNear(new BrandWord(word, [], brand, spelled.Contains(word)));
        }
    }

    private void AddProduct(string folded, IndexedName name)
    {
        var product = name.Product;
        var words = NameWords.Of(name.Text);
        var parts = HardWords(words);
        var brand = new Brand(product.Name, product.PublisherNames.Select(PublisherKey.Of).ToFrozenSet(StringComparer.Ordinal),
            product.Domains.ToFrozenSet(StringComparer.Ordinal), false, false, product);
        var ai = product.Kind == AiVerdict.Ai;
        if (ai && !name.Ambiguous && folded.Length >= 4)
        {
            _phrases.Add(name.Text, brand);
        }

        if (folded.Length >= ShortestWord && Ascii(folded) && !name.Ambiguous)
        {
            _skeletons.TryAdd(Confusables.Skeleton(folded), new BrandWord(folded, [], brand, true));
        }

        if (!ai)
        {
            return;
        }

        foreach (var part in parts.Where(part => part.Length >= ShortestWord && Ascii(part)))
        {
            var others = parts.Where(other => other != part).ToArray();
            if (others.Length > 0 || !name.Ambiguous && part.Length >= 7 && !OrdinaryWords.Embedded.Contains(part))
            {
                AddNear(new BrandWord(part, others, brand, others.Length == 0));
            }
        }
    }

    private void AddNear(BrandWord word)
    {
        if (word.Brand.Curated && word.Distinctive && word.Folded.Length >= LongWord)
        {
            _long.Add(word);
        }

        foreach (var rest in Shortened(word.Folded))
        {
            if (!_near.TryGetValue(rest, out var words))
            {
                _near.Add(rest, words = []);
            }

            words.Add(word);
        }
    }

    private static List<string> HardWords(NameWords words)
    {
        var parts = new List<string>();
        for (var first = 0; first < words.Count;)
        {
            var last = first;
            while (!words.EndsWord(last))
            {
                last++;
            }

            parts.Add(words.Text(first, last).ToString());
            first = last + 1;
        }

        return parts;
    }

    /// <summary>The word, and the word with each letter left out.</summary>
    private static HashSet<string> Shortened(string word)
    {
        var shorter = new HashSet<string>(StringComparer.Ordinal) { word };
        for (var i = 0; i < word.Length; i++)
        {
            shorter.Add(word.Remove(i, 1));
        }

        return shorter;
    }

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);

    private static IEnumerable<string> Texts(JsonElement entry, string property) => entry.GetProperty(property).EnumerateArray().Select(text => text.GetString()!);
}
