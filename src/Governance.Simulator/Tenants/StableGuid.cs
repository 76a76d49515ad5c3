using System.Runtime.InteropServices;

namespace Governance.Simulator.Tenants;

/// <summary>
/// Ids made from a seed and a row's index, and turned back into the index without a table: the first four bytes are the
/// index under a reversible mix, the rest is a hash of it that proves the id belongs to this tenant and kind of row.
/// </summary>
internal static class StableGuid
{
    public static Guid Create(ulong seed, RowKind kind, int index)
    {
        var key = Hash.Mix(seed, (ulong)kind, 0);
        Span<byte> bytes = stackalloc byte[16];
        MemoryMarshal.Write(bytes, Scramble((uint)index ^ (uint)key));
        MemoryMarshal.Write(bytes[4..], (uint)Hash.Mix(key, 1, (ulong)index));
        MemoryMarshal.Write(bytes[8..], Hash.Mix(key, 2, (ulong)index));
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes);
    }

    /// <summary>An id for something that has a name rather than an index; it cannot be turned back.</summary>
    public static Guid Named(ulong seed, RowKind kind, string name) =>
        Create(Hash.Mix(seed, name), kind, (int)(Hash.Mix(seed, name) >> 33));

    /// <returns>The index, or -1 when the id is not one of this seed and kind.</returns>
    public static int IndexOf(ulong seed, RowKind kind, Guid id)
    {
        var key = Hash.Mix(seed, (ulong)kind, 0);
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        var index = (int)(Unscramble(MemoryMarshal.Read<uint>(bytes)) ^ (uint)key);
        return index >= 0 && Create(seed, kind, index) == id ? index : -1;
    }

    // The murmur3 32-bit finaliser and its inverse.
    private static uint Scramble(uint x)
    {
        x = (x ^ (x >> 16)) * 0x85EBCA6B;
        x = (x ^ (x >> 13)) * 0xC2B2AE35;
        return x ^ (x >> 16);
    }

    private static uint Unscramble(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7ED1B41D;
        x = (x ^ (x >> 13) ^ (x >> 26)) * 0xA5CB9243;
        return x ^ (x >> 16);
    }
}

/// <summary>Keeps the ids of different kinds of rows apart.</summary>
internal enum RowKind
{
    Tenant = 1,
    ServicePrincipal,
    AppId,
    User,
    Group,
    Assignment,
    AppRole,
    Scope,
    Publisher,
    AuditEvent,
    ConsentRequest,
    OwnerTenant,
}
