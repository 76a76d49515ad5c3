using System.Buffers;
using System.Buffers.Text;

namespace Governance.Core.Consents;

/// <summary>The id Graph gives a delegated permission grant.</summary>
/// <remarks>
/// Observed, undocumented: url-safe base64 without padding of the GUID bytes (.NET order) of client and resource, and of the
/// principal when there is one. Used as a cross-check and to save memory; an id of another form is kept as received.
/// </remarks>
public static class GrantId
{
    private const int GuidBytes = 16;
    private const int LongestText = 64;

    public static string Of(Guid client, Guid resource, Guid? principal)
    {
        Span<byte> bytes = stackalloc byte[3 * GuidBytes];
        client.TryWriteBytes(bytes);
        resource.TryWriteBytes(bytes[GuidBytes..]);
        principal?.TryWriteBytes(bytes[(2 * GuidBytes)..]);
        return Base64Url.EncodeToString(bytes[..((principal is null ? 2 : 3) * GuidBytes)]);
    }

    /// <summary>True when an id in UTF-8 is the very one that <see cref="Of"/> gives.</summary>
    public static bool Is(ReadOnlySpan<byte> id, Guid client, Guid resource, Guid? principal)
    {
        Span<byte> bytes = stackalloc byte[3 * GuidBytes];
        client.TryWriteBytes(bytes);
        resource.TryWriteBytes(bytes[GuidBytes..]);
        principal?.TryWriteBytes(bytes[(2 * GuidBytes)..]);
        Span<byte> text = stackalloc byte[LongestText];
        return Base64Url.TryEncodeToUtf8(bytes[..((principal is null ? 2 : 3) * GuidBytes)], text, out var length) && id.SequenceEqual(text[..length]);
    }

    /// <summary>Reads client, resource and principal back out of an id.</summary>
    /// <returns>False when the id has another form.</returns>
    public static bool TryRead(ReadOnlySpan<byte> id, out Guid client, out Guid resource, out Guid? principal)
    {
        client = resource = default;
        principal = null;
        Span<byte> bytes = stackalloc byte[3 * GuidBytes];
        if (id.Length is not (43 or 64) || Base64Url.DecodeFromUtf8(id, bytes, out _, out var written) != OperationStatus.Done)
        {
            return false;
        }

        if (written is not (2 * GuidBytes or 3 * GuidBytes) || !Canonical(id, bytes[..written]))
        {
            return false;
        }

        client = new Guid(bytes[..GuidBytes]);
        resource = new Guid(bytes[GuidBytes..(2 * GuidBytes)]);
        principal = written == 3 * GuidBytes ? new Guid(bytes[(2 * GuidBytes)..]) : null;
        return true;
    }

    /// <summary>Several texts decode to the same bytes; only one of them is what <see cref="Of"/> gives back.</summary>
    private static bool Canonical(ReadOnlySpan<byte> id, ReadOnlySpan<byte> bytes)
    {
        Span<byte> again = stackalloc byte[id.Length];
        return Base64Url.TryEncodeToUtf8(bytes, again, out var length) && again[..length].SequenceEqual(id);
    }
}
