namespace Governance.Core.Policy;

/// <summary>Finds what an author may have meant.</summary>
public static class NearestName
{
    /// <returns>The closest of the names, the first in ordinal order of equally close ones; null when none is close.</returns>
    public static string? Of(string written, IEnumerable<string> names)
    {
        var limit = Math.Max(1, written.Length / 3);
        return names
            .Where(name => Math.Abs(name.Length - written.Length) <= limit)
            .Select(name => (Name: name, Distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>A hint to put behind a message; empty when no name is close.</summary>
    public static string Hint(string written, IEnumerable<string> names) => Of(written, names) is { } name ? $" (did you mean '{name}'?)" : string.Empty;

    /// <summary>Letters to add, drop, replace or swap with a neighbour.</summary>
    private static int Distance(string one, string other)
    {
        var (before, last, row) = (new int[other.Length + 1], new int[other.Length + 1], new int[other.Length + 1]);
        for (var j = 0; j <= other.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[other.Length];
    }
}
