using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Governance.Core.Policy.Ledger;

/// <summary>The one form in which an entry is written, hashed and exported: a line of JSON with its fields in fixed order.</summary>
/// <remarks>
/// Version 1. Facts are sorted ordinally, the time is UTC with seven decimals, nothing is left out. The hash of an entry is the
/// SHA-256 of the line in UTF-8 without its end, so <c>sha256sum</c> can check one by hand.
/// </remarks>
public static class LedgerForm
{
    private const int Version = 1;
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(LedgerEntry entry)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("tenant", entry.TenantId);
            json.WriteNumber("sequence", entry.Sequence);
            json.WriteString("at", entry.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            json.WriteString("actor", entry.Actor);
            json.WriteString("kind", entry.Kind);
            json.WriteString("subject", entry.Subject);
            json.WriteStartObject("facts");
            foreach (var (name, value) in entry.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("part", entry.PartDigest);
            json.WriteString("previous", entry.Previous);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not exactly what <see cref="Write"/> gives.</exception>
    public static LedgerEntry Read(ReadOnlySpan<byte> line)
    {
        LedgerEntry entry;
        try
        {
            using var document = JsonDocument.Parse(line.ToArray());
            var root = document.RootElement;
            var facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var fact in root.GetProperty("facts").EnumerateObject())
            {
                facts.Add(fact.Name, fact.Value.GetString() ?? throw new FormatException("a fact without value"));
            }

            entry = new LedgerEntry(
                root.GetProperty("tenant").GetGuid(),
                root.GetProperty("sequence").GetInt64(),
                new DateTimeOffset(
                    DateTime.ParseExact(Text(root, "at"), Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), TimeSpan.Zero),
                Text(root, "actor"),
                Text(root, "kind"),
                Text(root, "subject"),
                facts.ToImmutable(),
                root.GetProperty("part").GetString(),
                Text(root, "previous"));
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("not an entry of version 1", broken);
        }

        return Write(entry).AsSpan().SequenceEqual(line) ? entry : throw new FormatException("not in the canonical form of version 1");
    }

    /// <returns>64 hexadecimal digits in lower case.</returns>
    public static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    /// <summary>Digest of a part. The salt goes with the part, so that nobody can guess an erased text from its digest.</summary>
    public static string DigestOf(ReadOnlySpan<byte> salt, string part)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(Encoding.UTF8.GetBytes(part));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(JsonElement root, string name) =>
        root.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");
}
