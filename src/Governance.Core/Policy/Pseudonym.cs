using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Governance.Core.Text;

namespace Governance.Core.Policy;

/// <summary>Stands for a person: the same within a tenant and key, unlike in every other, and of no use without the key.</summary>
public static class Pseudonym
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    private const string Prefix = "p-";
    private const int Digits = 24;

    /// <returns>The identity that a pseudonym stands for under any of the keys; null when it is none of those given.</returns>
    public static string? Find(ImmutableArray<byte[]> keys, Guid tenant, string pseudonym, IEnumerable<string> identities, CancellationToken cancellationToken) =>
        identities.FirstOrDefault(identity =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return keys.Any(key => Of(key, tenant, identity) == pseudonym);
        });

    /// <summary>True for a text that has the form of a pseudonym.</summary>
    public static bool Looks(string text) =>
        text.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length..].All(char.IsAsciiHexDigitLower);

    /// <param name="identity">A user id, or a name or mail address, compared in its <see cref="NameForm"/>.</param>
    /// <returns><c>p-</c> and 24 hexadecimal digits of an HMAC-SHA256.</returns>
    public static string Of(ReadOnlySpan<byte> key, Guid tenant, string identity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        var form = NameForm.Of(identity);
        var plain = Guid.TryParse(form, out var id) ? id.ToString("D") : form;
        return Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{tenant:D}\n{plain}")))[..Digits];
    }
}
