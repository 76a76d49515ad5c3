namespace Governance.Core.Catalogue;

/// <summary>What an app's display name says: products it names, signs of AI, and what is left.</summary>
internal sealed class NameReading
{
    private NameReading(NameWords words, List<NameMatch> matches, int connecting)
    {
        Words = words;
        Matches = matches;
        Connecting = connecting;
        Signs = GenericSignals.FindIn(words, null);
    }

    public NameWords Words { get; }

    public List<NameMatch> Matches { get; }

    /// <summary>Piece at which a connecting word such as "for" stands; the number of pieces when there is none.</summary>
    public int Connecting { get; }

    /// <summary>Generic signs and negatives of the whole name.</summary>
    public List<Signal> Signs { get; }

    /// <summary>Those outside a product's name; all of them when there is none.</summary>
    public List<Signal> SignsBeside(NameMatch? product) => product is null || Signs.Count == 0 ? Signs : GenericSignals.FindIn(Words, product);

    public static NameReading Of(string? name, ProductCatalogue catalogue)
    {
        var words = NameWords.Of(name);
        var connecting = words.Count;
        foreach (var (first, last, _) in NameVocabulary.Connecting.FindIn(words))
        {
            if (first > 0 && words.StartsWord(first) && words.EndsWord(last))
            {
                connecting = first;
                break;
            }
        }

        return new NameReading(words, catalogue.Names.FindIn(words), connecting);
    }

    /// <summary>Those before the connecting word, outside a product's name: what follows "for" is what the app works with.</summary>
    public List<Signal> SignsOfHead(NameMatch product) => Connecting >= Words.Count || product.First > Connecting
        ? SignsBeside(product)
        : GenericSignals.FindIn(NameWords.Of(Words.Raw[..Words[Connecting].Source]), product);

    /// <summary>True when the name holds nothing but this product's name, numbers and neutral words.</summary>
    public bool Whole(NameMatch match)
    {
        var neutral = new bool[Words.Count];
        foreach (var (first, last, _) in NameVocabulary.Neutral.FindIn(Words))
        {
            Array.Fill(neutral, true, first, last - first + 1);
        }

        for (var piece = 0; piece < Words.Count; piece++)
        {
            if ((piece < match.First || piece > match.Last) && !neutral[piece] && !Words[piece].Digits)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when the word "AI" stands right beside a product's name: "Jasper AI", "Jasper.ai".</summary>
    public bool BesideAi(NameMatch match) =>
        match.Last + 1 < Words.Count && Words.Text(match.Last + 1, match.Last + 1) is "ai" ||
        match.First > 0 && Words.Text(match.First - 1, match.First - 1) is "ai" && Words[match.First - 1].Upper;

    /// <summary>How strongly signs speak for AI together, from 0 to 1.</summary>
    public static double Strength(IEnumerable<Signal> signs) =>
        signs.Where(sign => sign.Weight > 0).Aggregate(0.0, (strength, sign) => SignalWeights.Combine(strength, sign.Weight));
}
