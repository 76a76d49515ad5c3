using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Core.Digest;

/// <summary>How many messages of a digest were posted, and of what digest.</summary>
/// <param name="Posted">From 1 to <paramref name="Of"/>.</param>
/// <param name="Of">Messages the digest has.</param>
/// <param name="Seen">True when the channel said of each of them that people can see it.</param>
/// <param name="Print">Tells whether a digest made later says the same; see <see cref="PrintOf"/>.</param>
public sealed record DigestProgress(int Posted, int Of, bool Seen, string Print)
{
    /// <summary>12 hexadecimal digits that change with any word of a digest.</summary>
    public static string PrintOf(DigestContent content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DigestText.Of(content))).AsSpan(0, 6));

    /// <summary>Such as <c>2/3 accepted 0a1b2c3d4e5f</c>, for stores.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Posted}/{Of} {(Seen ? "delivered" : "accepted")} {Print}");

    /// <returns>Null for a text that <see cref="ToString"/> did not write.</returns>
    public static DigestProgress? Parse(string text) =>
        text.Split('/', ' ') is [var posted, var of, "accepted" or "delivered", var print]
        && int.TryParse(posted, NumberStyles.None, CultureInfo.InvariantCulture, out var done)
        && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
        && done >= 1 && done <= all
            ? new DigestProgress(done, all, text.Contains(" delivered ", StringComparison.Ordinal), print)
            : null;
}
