namespace Governance.Core.Catalogue;

/// <summary>How many letters must change for one word to become another; a swap of neighbours counts once.</summary>
internal static class EditDistance
{
    /// <summary>Restricted Damerau-Levenshtein distance.</summary>
    /// <param name="one">At most 64 characters.</param>
    public static int Between(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        Span<int> rows = stackalloc int[3 * (other.Length + 1)];
        var width = other.Length + 1;
        var (before, previous, current) = (0, width, 2 * width);
        for (var j = 0; j < width; j++)
        {
            rows[previous + j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            rows[current] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[previous + j] + 1, rows[current + j - 1] + 1), rows[previous + j - 1] + cost);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    best = Math.Min(best, rows[before + j - 2] + 1);
                }

                rows[current + j] = best;
            }

            (before, previous, current) = (previous, current, before);
        }

        return rows[previous + other.Length];
    }
}
