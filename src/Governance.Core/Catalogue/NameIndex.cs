namespace Governance.Core.Catalogue;

/// <summary>A product's name as it is looked up.</summary>
/// <param name="Text">As the catalogue spells it.</param>
/// <param name="Ambiguous">Also a common word or somebody else's name: needs another signal.</param>
/// <param name="Gaps">Offsets in the folded name at which it may be written with a gap; bit 63 stands for all further ones.</param>
internal sealed record IndexedName(string Text, Product Product, bool Ambiguous, ulong Gaps)
{
    /// <summary>True when the name may be written with a gap before this character of its folded text.</summary>
    public bool MayHaveGap(int offset) => (Gaps & 1UL << Math.Min(offset, 63)) != 0;
}

/// <summary>A product's name found in an app's name.</summary>
/// <param name="First">First piece of the app's name.</param>
/// <param name="Last">Last piece, included.</param>
internal readonly record struct NameMatch(IndexedName Name, int First, int Last);

/// <summary>All names of all products, by folded text.</summary>
internal sealed class NameIndex
{
    /// <summary>Shorter names must stand between gaps: "Zoom" is not in "ZoomInfo".</summary>
    private const int ShortestInsideWord = 5;

    /// <summary>From this length on a one-word name is also known when written in two: "Mid Journey".</summary>
    private const int ShortestTornApart = 9;

    private readonly Dictionary<string, IndexedName> _names;
    private readonly Dictionary<string, IndexedName>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int _longest;

    public NameIndex(IEnumerable<Product> products)
    {
        var names = new Dictionary<string, IndexedName>(4096, StringComparer.Ordinal);
        foreach (var product in products)
        {
            foreach (var name in product.Names)
            {
                var words = NameWords.Of(name);
                if (words.Folded.Length > 0)
                {
                    names.TryAdd(words.Folded, new IndexedName(name, product, product.Ambiguous.Contains(name, StringComparer.Ordinal), GapsOf(words)));
                    _longest = Math.Max(_longest, words.Folded.Length);
                }
            }
        }

        _names = names;
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IEnumerable<KeyValuePair<string, IndexedName>> All => _names;

    public IndexedName? Exact(ReadOnlySpan<char> folded) => _lookup.TryGetValue(folded, out var name) ? name : null;

    /// <summary>Names found from left to right, the longest at each place, without overlap.</summary>
    public List<NameMatch> FindIn(NameWords words)
    {
        var found = new List<NameMatch>();
        for (var first = 0; first < words.Count; first++)
        {
            if (LongestAt(words, first) is { } match)
            {
                found.Add(match);
                first = match.Last;
            }
        }

        return found;
    }

    private NameMatch? LongestAt(NameWords words, int first)
    {
        NameMatch? longest = null;
        for (var last = first; last < words.Count; last++)
        {
            var text = words.Text(first, last);
            if (text.Length > _longest)
            {
                break;
            }

            if (_lookup.TryGetValue(text, out var name) && Bounded(words, first, last, text) && GapsFit(words, first, last, name))
            {
                longest = new NameMatch(name, first, last);
            }
        }

        return longest;
    }

    private static bool Bounded(NameWords words, int first, int last, ReadOnlySpan<char> text) =>
        (words.StartsWord(first) || Loose(words[first], text)) &&
        (words.EndsWord(last) || Loose(words[last], text) || words[last + 1].Digits || words.Text(last + 1, last + 1) is "ai");

    /// <summary>Han and kana have no gaps between words; other short names need them.</summary>
    private static bool Loose(NamePiece edge, ReadOnlySpan<char> text) => text.Length >= ShortestInsideWord || !edge.Digits && text[0] >= 0x3041 && text.Length >= 2;

    private static bool GapsFit(NameWords words, int first, int last, IndexedName name)
    {
        var start = words[first].Offset;
        for (var piece = first + 1; piece <= last; piece++)
        {
            if (words[piece].AfterGap && !name.MayHaveGap(words[piece].Offset - start))
            {
                return first == 0 && last == words.Count - 1 && words[last].End - start >= ShortestTornApart;
            }
        }

        return true;
    }

    private static ulong GapsOf(NameWords words)
    {
        var gaps = 0UL;
        for (var piece = 1; piece < words.Count; piece++)
        {
            gaps |= Bit(words[piece].Offset);
        }

        return gaps;
    }

    private static ulong Bit(int offset) => 1UL << Math.Min(offset, 63);
}
