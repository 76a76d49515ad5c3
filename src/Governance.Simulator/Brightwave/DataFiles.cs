using System.Text.RegularExpressions;

namespace Governance.Simulator.Brightwave;

/// <summary>The embedded lists of apps.</summary>
internal static partial class DataFiles
{
    /// <summary>Rows of a file, cells trimmed; absent cells are empty.</summary>
    public static IEnumerable<string[]> Rows(string name, int cells) => Lines(name).Select(string[] (line) =>
    {
        var parts = line.Split('|', StringSplitOptions.TrimEntries);
        return parts.Length <= cells
            ? [.. parts, .. Enumerable.Repeat("", cells - parts.Length)]
            : throw new FormatException($"{name}.txt: more than {cells} cells in '{line}'");
    });

    /// <summary>Lines that are neither empty nor comments.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(DataFiles).Assembly.GetManifestResourceStream($"Governance.Simulator.Brightwave.{name}.txt")
            ?? throw new FileNotFoundException($"embedded list {name}.txt is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal)).ToList();
    }

    /// <summary>Resolves the escapes of the list of hostile names.</summary>
    public static string Unescape(string line)
    {
        if (line == "{empty}")
        {
            return "";
        }

        var repeated = Repeat().Replace(line, match => new string(match.Groups[1].Value[0], int.Parse(match.Groups[2].ValueSpan)));
        return CodePoint().Replace(repeated, match => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString())
            .Replace("\\n", "\n").Replace("\\t", "\t");
    }

    [GeneratedRegex(@"^(.)\{(\d+)\}$")]
    private static partial Regex Repeat();

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})")]
    private static partial Regex CodePoint();
}
