using System.Collections.Immutable;
using Governance.Core.Digest;

namespace Governance.Microsoft365.Teams;

/// <summary>Parts a digest into several messages where one would leave entries out.</summary>
/// <remarks>
/// Entries keep their order. The first message has figures and chart; each has the headline and the note on the data. What the last
/// one has no room for is counted in it, so that over all messages the shown and the counted entries make the totals.
/// </remarks>
internal static class CardParts
{
    public static ImmutableArray<DigestContent> Of(DigestContent content, CardOptions options)
    {
        options.Validate();
        if (content.MostParts <= 1 || DigestCard.Fits(content, options))
        {
            return [content];
        }

        var parts = ImmutableArray.CreateBuilder<DigestContent>();
        var from = new Place(0, 0);
        while (from.Section < content.Sections.Length && parts.Count < content.MostParts)
        {
            var number = parts.Count + 1;
            var last = number == content.MostParts;
            DigestContent Until(int lines) => Slice(content, from, lines, new DigestPart(number, content.MostParts), last);
            var room = Most(Left(content, from), lines => DigestCard.Fits(Until(lines), options));

            // A message without a single entry would be one for nothing; let the card cut it instead.
            parts.Add(Until(Math.Max(room, 1)));
            from = After(content, from, Math.Max(room, 1));
        }

        return [.. parts.Select(part => part with { Part = part.Part! with { Of = parts.Count } })];
    }

    /// <summary>Entries and empty lists from a place on.</summary>
    private static int Left(DigestContent content, Place from) =>
        content.Sections.Skip(from.Section).Sum(Steps) - from.Line;

    /// <summary>A list without entries takes a place too, since it says that there are none.</summary>
    private static int Steps(DigestSection section) => Math.Max(1, section.Lines.Length);

    private static Place After(DigestContent content, Place from, int lines)
    {
        var (section, line) = (from.Section, from.Line + lines);
        while (section < content.Sections.Length && line >= Steps(content.Sections[section]))
        {
            line -= Steps(content.Sections[section]);
            section++;
        }

        return new Place(section, line);
    }

    private static DigestContent Slice(DigestContent content, Place from, int lines, DigestPart part, bool last)
    {
        var sections = ImmutableArray.CreateBuilder<DigestSection>();
        var (skip, left) = (from.Line, lines);
        foreach (var section in content.Sections.Skip(from.Section))
        {
            if (left == 0 && !last)
            {
                break;
            }

            var shown = section.Lines.Skip(skip).Take(left).ToImmutableArray();
            var open = section.Lines.Length - skip - shown.Length;
            sections.Add(section with { Lines = shown, Continued = skip > 0, Rest = open == 0 || last ? section.Rest + open : 0 });
            left -= Math.Min(left, Steps(section) - skip);
            skip = 0;
        }

        return part.Number == 1
            ? content with { Sections = sections.ToImmutable(), Part = part }
            : content with { Sections = sections.ToImmutable(), Part = part, Tiles = [], Chart = null };
    }

    /// <summary>The greatest number up to a limit that fits, where a smaller one fits whenever a greater does.</summary>
    private static int Most(int limit, Func<int, bool> fits)
    {
        var (low, high) = (0, limit);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = fits(middle) ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Where the next message begins.</summary>
    private readonly record struct Place(int Section, int Line);
}
