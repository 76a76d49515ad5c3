using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>A word that is nearly a brand's.</summary>
/// <param name="Written">As it stands in the name.</param>
internal sealed record NearMiss(BrandWord Word, string Written, string Technique, string Evidence);

/// <summary>Finds words that look like a brand's, or are one or two letters from it, without being it.</summary>
internal static class MisspeltName
{
    private const int LongestWord = 40;

    /// <summary>From this length on another or a further letter in a curated brand's word is no chance either.</summary>
    private const int LongBrand = 8;

    /// <summary>The same for any product of the catalogue.</summary>
    private const int LongProduct = 9;

    public static NearMiss? Find(AppTraits traits, NameWords words)
    {
        NearMiss? found = null;
        foreach (var (first, last, written) in Candidates(words))
        {
            if (Disguised(traits, words, first, last, written) is { } disguised)
            {
                return disguised;
            }

            found ??= first < 0 ? null : Misspelt(traits, words, first, last, written);
        }

        return found;
    }

    /// <summary>Every run between gaps, pairs of neighbouring runs, and runs that hold signs used as letters.</summary>
    private static IEnumerable<(int First, int Last, string Written)> Candidates(NameWords words)
    {
        var starts = new List<int>();
        for (var piece = 0; piece < words.Count; piece++)
        {
            if (words.StartsWord(piece))
            {
                starts.Add(piece);
            }
        }

        for (var run = 0; run < starts.Count; run++)
        {
            var last = (run + 1 < starts.Count ? starts[run + 1] : words.Count) - 1;
            yield return (starts[run], last, Written(words, starts[run], last));
            if (run + 1 < starts.Count)
            {
                var next = (run + 2 < starts.Count ? starts[run + 2] : words.Count) - 1;
                yield return (starts[run], next, Written(words, starts[run], next));
            }
        }

        if (words.Raw.AsSpan().IndexOfAny("@$|!€") >= 0)
        {
            foreach (var token in words.Raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(token => token.AsSpan(0, token.Length - 1).IndexOfAny("@$|!€") >= 0))
            {
                yield return (-1, -1, token);
            }
        }
    }

    private static NearMiss? Disguised(AppTraits traits, NameWords words, int first, int last, string written)
    {
        if (written.Length > LongestWord || !MayBeDisguised(written))
        {
            return null;
        }

        var skeleton = Confusables.Skeleton(string.Concat(written.Where(letter => letter is not (' ' or '.' or '-' or '_'))));
        if (traits.Catalogue.Brands.LooksLike(skeleton) is not { } word || word.Brand.Genuine(traits))
        {
            return null;
        }

        var folded = first < 0 ? string.Empty : words.Text(first, last).ToString();
        var same = folded == word.Folded;
        if (!same && folded.Length > 0 && (traits.Catalogue.Names.Exact(folded) is not null || (OrdinaryWords.Embedded.Contains(folded) && !CaseTrick(written))))
        {
            return null;
        }

        var technique = Disguise(written, same, words);
        return technique is null ? null : new NearMiss(word, written, technique, $"\"{written}\" passes for \"{word.Folded}\"");
    }

    private static bool MayBeDisguised(string written) =>
        !Ascii.IsValid(written) || written.AsSpan().IndexOfAnyInRange('0', '9') >= 0 || written.AsSpan().IndexOfAny("@$|!") >= 0 || LetterTrick(written);

    /// <returns>Null when nothing in it is disguised: it is the name itself, or differs by a plain letter.</returns>
    private static string? Disguise(string written, bool same, NameWords words)
    {
        var latin = false;
        var foreign = false;
        var odd = false;
        foreach (var rune in written.EnumerateRunes())
        {
            latin |= rune.IsAscii && Rune.IsLetter(rune);
            odd |= !rune.IsAscii && (NameFolding.Invisible(rune) || NameFolding.WordCharacter(rune));
            foreign |= !rune.IsAscii && Confusables.LooksLatin(rune) && rune.Value is >= 0x370 and < 0x1E00 or >= 0xA4D0 and < 0xA500;
        }

        if (foreign)
        {
            return latin ? "mixedScript" : "confusable";
        }

        if (odd)
        {
            // Full-width Latin is how East Asian text is written, no disguise.
            return words.Raw.EnumerateRunes().Any(rune => rune.Value is >= 0x3041 and <= 0x9FFF or >= 0xAC00 and <= 0xD7A3) ? null : "confusable";
        }

        return !same && (written.AsSpan().IndexOfAnyInRange('0', '9') >= 0 || written.AsSpan().IndexOfAny("@$|!") >= 0 || LetterTrick(written)) ? "confusable" : null;
    }

    /// <summary>Letters of one case that pass for others, or two letters that read as one.</summary>
    private static bool LetterTrick(string written)
    {
        for (var i = 1; i < written.Length; i++)
        {
            if ((written[i - 1], written[i]) is ('r', 'n') or ('v' or 'V', 'v'))
            {
                return true;
            }
        }

        return CaseTrick(written);
    }

    /// <summary>A capital I inside small letters, or a small l after a capital A at the end: nobody writes a word so by habit.</summary>
    private static bool CaseTrick(string written)
    {
        for (var i = 1; i < written.Length; i++)
        {
            var (before, here) = (written[i - 1], written[i]);
            var small = i + 1 < written.Length && char.IsAsciiLetterLower(written[i + 1]);
            if ((here == 'I' && small && (char.IsAsciiLetterLower(before) || (i == 1 && char.IsAsciiLetterUpper(before))))
                || (here == 'l' && before == 'A' && i == written.Length - 1))
            {
                return true;
            }
        }

        return false;
    }

    private static NearMiss? Misspelt(AppTraits traits, NameWords words, int first, int last, string written)
    {
        var folded = words.Text(first, last).ToString();
        if (folded.Length is < 5 or > LongestWord || !Ascii.IsValid(folded) || traits.Catalogue.Names.Exact(folded) is not null
            || OrdinaryWords.Embedded.Contains(folded) || GenericSignals.Contains(folded) || NameVocabulary.Neutral.Contains(folded)
            || NameVocabulary.Bait.Contains(folded) || traits.Catalogue.Brands.Phrases.Contains(folded) || OwnName(traits, folded) || Spans(words, first, last))
        {
            return null;
        }

        foreach (var (word, distance) in traits.Catalogue.Brands.Near(folded))
        {
            if (folded != word.Folded && !Ending(folded, word.Folded) && Telling(words, word, folded, distance) && FitsGap(words, first, last, folded, traits, word) && !word.Brand.Genuine(traits))
            {
                return new NearMiss(word, written, "misspelling", $"\"{written}\" is {distance} letter{(distance == 1 ? "" : "s")} from \"{word.Folded}\"");
            }
        }

        return null;
    }

    private static bool Telling(NameWords words, BrandWord word, string folded, int distance)
    {
        if (distance == 2)
        {
            return word.Distinctive && word.Others.Length == 0 && folded[0] == word.Folded[0];
        }

        if (word.Others.Any(other => other != "ai"))
        {
            return word.Others.All(other => Holds(words, other));
        }

        var slip = Doubled(folded, word.Folded) || Swapped(folded, word.Folded);
        if (word.Others.Length > 0)
        {
            // "AI" beside it is no sign of one brand among the many that end so.
            return slip && Holds(words, "ai");
        }

        return slip || HasBait(words) || word.Brand.Curated && Holds(words, "ai")
            || word.Distinctive && (folded.Length < word.Folded.Length || word.Folded.Length >= (word.Brand.Curated ? LongBrand : LongProduct));
    }

    private static bool Holds(NameWords words, string other)
    {
        for (var first = 0; first < words.Count; first++)
        {
            for (var last = first; last < words.Count && words[last].End - words[first].Offset <= other.Length; last++)
            {
                if (words.Text(first, last).SequenceEqual(other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Two runs are nearly a brand's name only where that name has a gap or a capital itself: "Chat GTP", not "Gamma Ray".</summary>
    private static bool FitsGap(NameWords words, int first, int last, string folded, AppTraits traits, BrandWord word)
    {
        for (var piece = first + 1; piece <= last; piece++)
        {
            if (words[piece].AfterGap)
            {
                var offset = words[piece].Offset - words[first].Offset;
                return traits.Catalogue.Names.Exact(word.Folded) is { } name && name.MayHaveGap(offset)
                    && (word.Folded.Length - offset > 2 || folded.Length == word.Folded.Length)
                    && (words.Text(first, piece - 1).SequenceEqual(word.Folded.AsSpan(0, offset)) ? !OrdinaryWords.Embedded.Contains(words.Text(piece, last)) && !Neutral(words, piece, last)
                        : words.Text(piece, last).SequenceEqual(word.Folded.AsSpan(offset)) && !OrdinaryWords.Embedded.Contains(words.Text(first, piece - 1)));
            }
        }

        return true;
    }

    private static bool Neutral(NameWords words, int first, int last) =>
        NameVocabulary.Neutral.Contains(words.Text(first, last)) || NameVocabulary.Connecting.Contains(words.Text(first, last));

    private static bool HasBait(NameWords words) => NameVocabulary.Bait.FindIn(words).Any();

    /// <summary>A pair of runs is looked at only when one of them alone says nothing: "Chat GTP".</summary>
    private static bool Spans(NameWords words, int first, int last)
    {
        for (var piece = first + 1; piece <= last; piece++)
        {
            if (words[piece].AfterGap)
            {
                return words[piece].Offset - words[first].Offset < 4 || words[last].End - words[piece].Offset > 4
                    || NameVocabulary.Neutral.Contains(words.Text(piece, last)) && words.Text(piece, last) is not "ai";
            }
        }

        return false;
    }

    /// <summary>A company's own name: its verified publisher carries the word.</summary>
    private static bool OwnName(AppTraits traits, string folded) => traits.PublisherKeyVerified.Contains(folded, StringComparison.Ordinal);

    /// <summary>Plural and other endings make another word, not a misspelling.</summary>
    private static bool Ending(string written, string brand) => written.Length == brand.Length + 1 && written[^1] is 's' && written.StartsWith(brand, StringComparison.Ordinal);

    private static bool Doubled(string written, string brand)
    {
        for (var i = 1; written.Length == brand.Length + 1 && i < written.Length; i++)
        {
            if (written[i] == written[i - 1] && written.Remove(i, 1) == brand)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Swapped(string written, string brand) =>
        written.Length == brand.Length && written.Order().SequenceEqual(brand.Order());

    private static string Written(NameWords words, int first, int last)
    {
        var to = last + 1 < words.Count ? words[last + 1].Source : words.Raw.Length;
        var text = words.Raw.AsSpan(words[first].Source, to - words[first].Source);
        var end = text.Length;
        while (end > 0 && !char.IsLetterOrDigit(text[end - 1]) && !char.IsSurrogate(text[end - 1]))
        {
            end--;
        }

        return text[..end].ToString();
    }
}
