using System.Buffers.Text;

namespace Governance.Simulator.Tenants;

/// <summary>
/// The id of a delegated permission grant as Graph makes it: url-safe base64 without padding of the bytes of client id
/// and resource id, and of the principal id unless the consent is for all.
/// </summary>
internal static class GrantId
{
    public const int MaxLength = 64;

    public static int Encode(GrantKey key, Span<byte> utf8)
    {
        Span<byte> bytes = stackalloc byte[48];
        key.ClientId.TryWriteBytes(bytes);
        key.ResourceId.TryWriteBytes(bytes[16..]);
        if (key.PrincipalId is { } principal)
        {
            principal.TryWriteBytes(bytes[32..]);
        }

        return Base64Url.EncodeToUtf8(bytes[..(key.PrincipalId is null ? 32 : 48)], utf8);
    }

    public static string Encode(GrantKey key)
    {
        Span<byte> utf8 = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(utf8[..Encode(key, utf8)]);
    }

    /// <returns>Null when the text is not such an id.</returns>
    public static GrantKey? Decode(string id)
    {
        Span<byte> bytes = stackalloc byte[48];
        if (id.Length > MaxLength || !Base64Url.IsValid(id) || !Base64Url.TryDecodeFromChars(id, bytes, out var written))
        {
            return null;
        }

        return written switch
        {
            32 => new GrantKey(new Guid(bytes[..16]), new Guid(bytes[16..32]), null),
            48 => new GrantKey(new Guid(bytes[..16]), new Guid(bytes[16..32]), new Guid(bytes[32..])),
            _ => null,
        };
    }
}

/// <summary>There is at most one grant for a client, a resource and a principal (or all of them).</summary>
internal readonly record struct GrantKey(Guid ClientId, Guid ResourceId, Guid? PrincipalId);
