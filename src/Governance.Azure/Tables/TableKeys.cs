using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;

namespace Governance.Azure.Tables;

/// <summary>Row keys. The partition key is the tenant, so that no query can reach another tenant's rows.</summary>
/// <remarks>
/// Keys consist of letters, digits, <c>-</c>, <c>_</c>, <c>=</c> and the separator <c>.</c>: Table storage refuses
/// <c>/ \ # ?</c> and control characters, and sorts keys ordinally.
/// </remarks>
internal static class TableKeys
{
    /// <summary>Partition that lists tenants.</summary>
    public const string Tenants = "tenants";

    /// <summary>Partition that lists which tenants a reading has checkpoints of.</summary>
    public const string Readings = "readings";

    /// <summary>Row that says which generation counts; written last.</summary>
    public const string Mark = "mark";

    public const string Scans = "s.";
    public const string Blobs = "b.";
    public const string Journals = "e.";
    public const string RunsByTime = "q.";
    public const string Idempotency = "k.";
    public const string Digests = "d.";
    public const string Checkpoints = "c.";
    public const string Confirmations = "a.";
    public const string LedgerEntries = "l.";
    public const string LedgerParts = "m.";
    public const string Names = "n.";

    /// <summary>Rows that say which findings were removed while their history is still to be deleted.</summary>
    public const string Removals = "t.";

    /// <summary>Row of the ledger's head, beside the entries and in the table apart.</summary>
    public const string LedgerHead = "ledger";

    /// <summary>Row that names the tenant's live run, or the last one that was.</summary>
    public const string LiveRun = "live";

    /// <summary>Longest encoded id; the limit of a key is 1 KiB.</summary>
    private const int LongestId = 300;

    public static string Tenant(Guid id) => id.ToString("D");

    /// <summary>Newest first.</summary>
    public static string Scan(int generation) => $"{Scans}{int.MaxValue - generation:D10}";

    public static string ScanId(string id) => $"i.{Encode(id)}";

    public static string Run(string id) => $"r.{Encode(id)}";

    /// <summary>Newest first.</summary>
    public static string RunByTime(ScanRun run) => $"{RunsByTime}{DateTimeOffset.MaxValue.UtcTicks - run.RequestedAt.UtcTicks:D19}.{Encode(run.Id)}";

    /// <summary>Rows that one attempt at one generation writes.</summary>
    public static string Attempt(string kind, int generation, string attempt) => $"{kind}{Number(generation)}.{attempt}.";

    public static string Generation(string kind, int generation) => $"{kind}{Number(generation)}.";

    public static string History(string findingId) => $"h.{Encode(findingId)}.";

    public static string Event(string findingId, int sequence, int generation, string attempt) =>
        $"{History(findingId)}{Number(sequence)}.{Number(generation)}.{attempt}";

    public static string LedgerEntry(long sequence) => $"{LedgerEntries}{Place(sequence)}";

    /// <summary>What one attempt wrote of the part at a place.</summary>
    public static string LedgerPart(long sequence, string attempt) => $"{LedgerParts}{Place(sequence)}.{attempt}.";

    /// <returns>Place in the chain; 0 when the key names none.</returns>
    public static long PlaceOf(string key) => long.TryParse(key.Split('.')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;

    public static string Name(string pseudonym) => $"{Names}{Encode(pseudonym)}";

    /// <summary>Last one first.</summary>
    public static string Confirmation(int sequence) => $"{Confirmations}{Number(int.MaxValue - sequence)}";

    public static string Reading(string reading) => $"{Checkpoints}{Encode(reading)}.";

    /// <summary>Oldest reading first, in it by part and sequence.</summary>
    public static string Checkpoint(ScanCheckpoint at) => $"{Reading(at.Reading)}{at.StartedAt.UtcTicks:D19}.{(int)at.Part:D3}.{Number(at.Sequence)}";

    public static (DateTimeOffset StartedAt, int Part, int Sequence) CheckpointOf(string key)
    {
        var words = key.Split('.');
        int Numbered(int at) => int.Parse(words[at], NumberStyles.None, CultureInfo.InvariantCulture);
        return (new DateTimeOffset(long.Parse(words[2], NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero), Numbered(3), Numbered(4));
    }

    /// <returns>Generation in a key of an event.</returns>
    public static int GenerationOfEvent(string key) => int.Parse(key.Split('.')[3], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Every key that starts so is below it.</summary>
    public static string End(string prefix) => prefix + "~";

    public static string Number(int value) => value.ToString("D10", CultureInfo.InvariantCulture);

    private static string Place(long sequence) => sequence.ToString("D19", CultureInfo.InvariantCulture);

    /// <returns>Generation in a key of a blob or journal.</returns>
    public static int GenerationOf(string key) => int.Parse(key.AsSpan(2, 10), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Two ids never share a form: what is not a plain character becomes <c>=</c> and two digits, a long id its hash.</summary>
    public static string Encode(string id)
    {
        var encoded = new StringBuilder(id.Length);
        foreach (var value in Encoding.UTF8.GetBytes(id))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_')
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('=').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.Length <= LongestId ? encoded.ToString() : "=h" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    /// <returns>The id of an encoded form; null for one that is a hash.</returns>
    public static string? Decode(string encoded)
    {
        if (encoded.StartsWith("=h", StringComparison.Ordinal))
        {
            return null;
        }

        var bytes = new List<byte>(encoded.Length);
        for (var at = 0; at < encoded.Length; at++)
        {
            bytes.Add(encoded[at] == '=' ? byte.Parse(encoded.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : (byte)encoded[at]);
            at += encoded[at] == '=' ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
