using System.Text;
using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Reads JSON texts, also those that break Unicode: what is no character becomes U+FFFD, so that no name can hide its row.</summary>
internal static class JsonText
{
    private const int EscapedUnit = 6;

    public static string Of(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Lenient(reader.ValueSpan);
        }
    }

    /// <summary>Copies the text in UTF-8, escapes undone.</summary>
    /// <param name="target">At least as long as the raw value.</param>
    public static int CopyTo(ref Utf8JsonReader reader, Span<byte> target)
    {
        if (!reader.ValueIsEscaped)
        {
            reader.ValueSpan.CopyTo(target);
            return reader.ValueSpan.Length;
        }

        try
        {
            return reader.CopyString(target);
        }
        catch (InvalidOperationException)
        {
            // A replacement takes three bytes, the escape it stands for six.
            return Encoding.UTF8.GetBytes(Lenient(reader.ValueSpan), target);
        }
    }

    private static string Lenient(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var plain = raw.IndexOf((byte)'\\');
            text.Append(Encoding.UTF8.GetString(plain < 0 ? raw : raw[..plain]));
            raw = plain < 0 ? [] : raw[plain..];
            if (!raw.IsEmpty)
            {
                var (character, length) = Unescape(raw);
                text.Append(character);
                raw = raw[length..];
            }
        }

        for (var i = 0; i < text.Length; i++)
        {
            var paired = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (paired)
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }

        return text.ToString();
    }

    private static (char Character, int Length) Unescape(ReadOnlySpan<byte> raw) => raw[1] switch
    {
        (byte)'u' => ((char)Convert.ToUInt16(Encoding.ASCII.GetString(raw[2..EscapedUnit]), 16), EscapedUnit),
        (byte)'n' => ('\n', 2),
        (byte)'r' => ('\r', 2),
        (byte)'t' => ('\t', 2),
        (byte)'b' => ('\b', 2),
        (byte)'f' => ('\f', 2),
        var other => ((char)other, 2),
    };
}
