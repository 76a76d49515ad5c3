using System.Buffers.Binary;
using System.Buffers.Text;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>What a link remembers. Opaque on the wire, and sealed by a checksum of the tenant and the path it was made for.</summary>
/// <param name="Position">Where to read on; in a delta link, the journal entry.</param>
/// <param name="Page">Number of the page it leads to, from 1.</param>
/// <param name="JournalEnd">For delta: where the journal ended when the round began, so that nothing is missed.</param>
/// <param name="IssuedAt">Seconds since 1970.</param>
/// <param name="Last">Position of the last row before; -1 for none.</param>
/// <param name="Select">For delta, which carries it from the first request to the last.</param>
internal sealed record PageToken(int Position, int Page, int JournalEnd, long IssuedAt, int Last, string? Select)
{
    private const int Fixed = 32;

    public string Encode(ulong seed, string path)
    {
        var select = System.Text.Encoding.UTF8.GetBytes(Select ?? "");
        var bytes = new byte[Fixed + select.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Position);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Page);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), JournalEnd);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(20), IssuedAt);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), Last);
        select.CopyTo(bytes, Fixed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Seal(bytes, seed, path));
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null when the text is no token for this path of this tenant.</returns>
    public static PageToken? Decode(string text, ulong seed, string path)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < Fixed || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Seal(bytes, seed, path))
        {
            return null;
        }

        var select = bytes.Length == Fixed ? null : System.Text.Encoding.UTF8.GetString(bytes.AsSpan(Fixed));
        return new PageToken(
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(20)),
            BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(28)),
            select);
    }

    private static ulong Seal(byte[] bytes, ulong seed, string path)
    {
        var seal = Hash.Mix(seed, path);
        foreach (var value in bytes.AsSpan(8))
        {
            seal = Hash.Mix(seal ^ value);
        }

        return seal;
    }
}
