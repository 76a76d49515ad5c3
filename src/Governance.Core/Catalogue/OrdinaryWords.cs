namespace Governance.Core.Catalogue;

/// <summary>Words and names of everyday life that stand one or two letters from a brand, or are one: no imitation by themselves.</summary>
internal sealed class OrdinaryWords(IEnumerable<string> words)
{
    public static readonly OrdinaryWords Embedded = new(EmbeddedData.Lines("ordinary-words.txt").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private readonly HashSet<string> _words = new(words, StringComparer.Ordinal);

    /// <param name="folded">Folded text of one word.</param>
    public bool Contains(ReadOnlySpan<char> folded)
    {
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.Contains(folded) || folded.Length > 4 && folded[^1] == 's' && lookup.Contains(folded[..^1]);
    }
}
