using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Governance.Core.Policy.Ledger;

/// <summary>A ledger as text that can be carried away and checked elsewhere.</summary>
/// <remarks>
/// Per entry two or three lines: <c>entry</c> and the canonical line; <c>hash</c> and its hash; <c>part</c> with salt and text as
/// JSON where there is a part. The last line is <c>head</c> with count and hash.
/// </remarks>
public static class LedgerExport
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(StoredLedger ledger)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"ledger 1 {ledger.TenantId:D}\n");
        foreach (var entry in ledger.Entries)
        {
            text.Append("entry ").Append(Encoding.UTF8.GetString(entry.Body.AsSpan())).Append('\n');
            text.Append("hash ").Append(entry.Hash).Append('\n');
            if (entry.Part is { } part)
            {
                text.Append("part ").Append(Convert.ToHexStringLower(part.Salt.AsSpan())).Append(' ').Append(Quoted(part.Text)).Append('\n');
            }
        }

        var head = ledger.Head ?? LedgerHead.Empty;
        return text.Append(CultureInfo.InvariantCulture, $"head {head.Count} {head.Hash}\n").ToString();
    }

    /// <summary>Reads an export back; the head of the file also stands for the one kept apart.</summary>
    /// <exception cref="FormatException">The text is not such a file; the message names the line.</exception>
    public static StoredLedger Read(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 2 || lines[^1].Length > 0 || !lines[0].StartsWith("ledger 1 ", StringComparison.Ordinal)
            || !Guid.TryParseExact(lines[0]["ledger 1 ".Length..], "D", out var tenant) || tenant.ToString("D") != lines[0]["ledger 1 ".Length..])
        {
            throw new FormatException("line 1: not an export of a decision ledger");
        }

        var entries = ImmutableArray.CreateBuilder<StoredEntry>();
        LedgerHead? head = null;
        for (var at = 1; at < lines.Length - 1; at++)
        {
            head = head is null ? Line(at, entries) : throw Wrong(at, "text behind the head");
            if (head is null && lines[at].StartsWith("head", StringComparison.Ordinal))
            {
                throw Wrong(at, "a head that does not read");
            }
        }

        return head is null ? throw Wrong(lines.Length - 2, "the head is missing") : new StoredLedger(tenant, entries.ToImmutable(), head, head);

        LedgerHead? Line(int at, ImmutableArray<StoredEntry>.Builder read)
        {
            var (word, rest) = lines[at].Split(' ', 2) is [var first, var second] ? (first, second) : throw Wrong(at, "not a line of an export");
            switch (word)
            {
                case "entry":
                    read.Add(new StoredEntry(read.Count + 1, [.. Encoding.UTF8.GetBytes(rest)], string.Empty, null));
                    return null;
                case "hash" when read.Count > 0 && read[^1].Hash.Length == 0:
                    read[^1] = read[^1] with { Hash = rest };
                    return null;
                case "part" when read.Count > 0 && read[^1] is { Hash.Length: > 0, Part: null }:
                    read[^1] = read[^1] with { Part = Part(rest) ?? throw Wrong(at, "a part that does not read") };
                    return null;
                case "head":
                    return HeadOf(rest);
                default:
                    throw Wrong(at, "not a line of an export");
            }
        }
    }

    /// <returns>Null when the text is not exactly a count and a hash.</returns>
    public static LedgerHead? HeadOf(string text)
    {
        var words = text.Split(' ');
        return words.Length == 2 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count.ToString(CultureInfo.InvariantCulture) == words[0]
            && words[1].Length == 64 && words[1].All(digit => char.IsAsciiDigit(digit) || digit is >= 'a' and <= 'f')
            ? new LedgerHead(count, words[1])
            : null;
    }

    private static StoredPart? Part(string text)
    {
        try
        {
            var (salt, quoted) = text.Split(' ', 2) is [var first, var second] ? (first, second) : (string.Empty, string.Empty);
            using var document = JsonDocument.Parse(quoted);
            var part = new StoredPart([.. Convert.FromHexString(salt)], document.RootElement.GetString() ?? string.Empty);
            return Convert.ToHexStringLower(part.Salt.AsSpan()) == salt && Quoted(part.Text) == quoted ? part : null;
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, Relaxed.Encoder)}\"";

    private static FormatException Wrong(int line, string why) => new($"line {(line + 1).ToString(CultureInfo.InvariantCulture)}: {why}");
}
