using System.Globalization;
using System.Text;

namespace Governance.Core.Text;

/// <summary>The part of the Unicode Character Database that the normal form of names needs, read once from <c>unicode-names.txt</c>.</summary>
/// <remarks>Carried in the assembly, because the program runs without ICU: there <see cref="string.Normalize()"/> gives back its text unchanged.</remarks>
internal sealed class UnicodeTables
{
    private const string File = "Governance.Core.Text.unicode-names.txt";
    private static readonly Lazy<UnicodeTables> Loaded = new(Load);
    private readonly Dictionary<int, byte> _classes = new(1024);
    private readonly Dictionary<int, string> _decompositions = new(2200);
    private readonly Dictionary<int, string> _folds = new(10_000);
    private readonly Dictionary<long, int> _compositions = new(1100);

    public static UnicodeTables Instance => Loaded.Value;

    /// <returns>Canonical combining class; 0 for what begins anew.</returns>
    public byte ClassOf(int code) => _classes.GetValueOrDefault(code);

    /// <returns>One level of the canonical decomposition, of one or two code points; null for none. Hangul is not in it.</returns>
    public string? DecompositionOf(int code) => _decompositions.GetValueOrDefault(code);

    /// <returns>What a code point without canonical decomposition becomes, empty when it is dropped; null when it stays.</returns>
    public string? FoldOf(int code) => _folds.GetValueOrDefault(code);

    /// <returns>The primary composite of two code points; null for none. Hangul is not in it.</returns>
    public int? CompositionOf(int first, int second) => _compositions.TryGetValue(Pair(first, second), out var composite) ? composite : null;

    private static UnicodeTables Load()
    {
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"the assembly was built without {File}");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var tables = new UnicodeTables();
        var excluded = new HashSet<int>();
        Action<int, ReadOnlySpan<char>, int> row = (_, _, _) => { };
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                row = line switch
                {
                    "[class]" => (code, rest, _) => tables._classes[code] = byte.Parse(rest, NumberStyles.None, CultureInfo.InvariantCulture),
                    "[decomposition]" => (code, rest, from) => tables._decompositions[code] = Texts(rest, from),
                    "[excluded]" => (code, _, _) => excluded.Add(code),
                    "[fold]" => (code, rest, from) => tables._folds[code] = Texts(rest, from),
                    _ => throw new InvalidOperationException($"{File} has an unknown section {line}"),
                };
                continue;
            }

            Read(line, row);
        }

        tables.Compose(excluded);
        return tables;
    }

    /// <param name="row">Takes a code point, what stands behind its range, and its distance from the start of the range.</param>
    private static void Read(string line, Action<int, ReadOnlySpan<char>, int> row)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var (key, rest) = blank < 0 ? (line, string.Empty) : (line[..blank], line[(blank + 1)..]);
        var step = key.EndsWith("/2", StringComparison.Ordinal) ? 2 : 1;
        var range = (step == 2 ? key[..^2] : key).Split('-');
        var first = Hex(range[0]);
        for (var code = first; code <= Hex(range[^1]); code += step)
        {
            row(code, rest, code - first);
        }
    }

    /// <summary>Pairs that compose again; single code points, marks and what begins with a mark never do.</summary>
    private void Compose(HashSet<int> excluded)
    {
        foreach (var (code, parts) in _decompositions)
        {
            var runes = parts.EnumerateRunes().Select(rune => rune.Value).ToArray();
            if (runes is [var first, var second] && ClassOf(code) == 0 && ClassOf(first) == 0 && !excluded.Contains(code))
            {
                _compositions[Pair(first, second)] = code;
            }
        }
    }

    private static string Texts(ReadOnlySpan<char> codes, int distance)
    {
        var text = new StringBuilder(4);
        foreach (var part in codes.Split(' '))
        {
            if (codes[part] is { Length: > 0 } digits)
            {
                text.Append(char.ConvertFromUtf32(Hex(digits) + distance));
            }
        }

        return text.ToString();
    }

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
