using System.Buffers.Text;

namespace Governance.Simulator.Tenants;

/// <summary>The id of an app role assignment: url-safe base64 of the principal's bytes and sixteen random ones.</summary>
internal static class AssignmentId
{
    public const int Length = 43;

    public static void Encode(AssignmentKey key, Span<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[32];
        key.PrincipalId.TryWriteBytes(bytes);
        key.Nonce.TryWriteBytes(bytes[16..]);
        Base64Url.EncodeToUtf8(bytes, utf8);
    }

    public static string Encode(AssignmentKey key)
    {
        Span<byte> utf8 = stackalloc byte[Length];
        Encode(key, utf8);
        return System.Text.Encoding.ASCII.GetString(utf8);
    }

    /// <returns>Null when the text is not such an id.</returns>
    public static AssignmentKey? Decode(string id)
    {
        Span<byte> bytes = stackalloc byte[32];
        return id.Length == Length && Base64Url.IsValid(id) && Base64Url.TryDecodeFromChars(id, bytes, out var written) && written == 32
            ? new AssignmentKey(new Guid(bytes[..16]), new Guid(bytes[16..]))
            : null;
    }
}

/// <param name="PrincipalId">Who holds the role.</param>
/// <param name="Nonce">Tells apart the assignments of one principal.</param>
internal readonly record struct AssignmentKey(Guid PrincipalId, Guid Nonce);
