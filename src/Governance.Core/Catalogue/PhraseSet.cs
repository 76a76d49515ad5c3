namespace Governance.Core.Catalogue;

/// <summary>Words and phrases to look for in names, each with a value; matched on whole words, gaps or none.</summary>
internal sealed class PhraseSet<T>
{
    private readonly Dictionary<string, List<T>> _phrases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<T>>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _longest;

    public PhraseSet() => _lookup = _phrases.GetAlternateLookup<ReadOnlySpan<char>>();

    public void Add(string phrase, T value)
    {
        var folded = NameWords.Of(phrase).Folded;
        _longest = Math.Max(_longest, folded.Length);
        if (!_phrases.TryGetValue(folded, out var values))
        {
            _phrases.Add(folded, values = []);
        }

        values.Add(value);
    }

    public bool Contains(ReadOnlySpan<char> folded) => _lookup.ContainsKey(folded);

    /// <summary>Every phrase in the name, with the pieces it covers; from left to right, shorter first.</summary>
    public IEnumerable<(int First, int Last, T Value)> FindIn(NameWords words)
    {
        for (var first = 0; first < words.Count; first++)
        {
            for (var last = first; last < words.Count && words[last].End - words[first].Offset <= _longest; last++)
            {
                if (!_lookup.TryGetValue(words.Text(first, last), out var values))
                {
                    continue;
                }

                foreach (var value in values)
                {
                    yield return (first, last, value);
                }
            }
        }
    }
}
