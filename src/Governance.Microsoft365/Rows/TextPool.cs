using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Gives equal short texts one string; for members that repeat, such as tags and types.</summary>
internal sealed class TextPool
{
    private const int Longest = 96;
    private const int Most = 4096;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TextPool() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.Length > Longest || !System.Text.Ascii.IsValid(reader.ValueSpan))
        {
            return JsonText.Of(ref reader);
        }

        Span<char> characters = stackalloc char[Longest];
        System.Text.Ascii.ToUtf16(reader.ValueSpan, characters, out var length);
        if (_lookup.TryGetValue(characters[..length], out var known))
        {
            return known;
        }

        var text = new string(characters[..length]);
        if (_texts.Count < Most)
        {
            _texts.Add(text);
        }

        return text;
    }
}
