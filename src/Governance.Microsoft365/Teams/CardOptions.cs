namespace Governance.Microsoft365.Teams;

/// <summary>How cards are made.</summary>
public sealed record CardOptions
{
    /// <summary>Adaptive Card schema: <c>1.5</c> (default) or <c>1.4</c> for flows that refuse newer cards.</summary>
    public string Version { get; init; } = "1.5";

    /// <summary>Longest request body, in bytes of UTF-8. Teams refuses about 28,672 after it re-encodes; default 20,000.</summary>
    public int Budget { get; init; } = 20_000;

    /// <summary>Report to link to; null for no link. Must be https on an allowed host.</summary>
    public Uri? Report { get; init; }

    /// <summary>Hosts that a card may link to.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = ["entra.microsoft.com"];

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (Version is not ("1.4" or "1.5"))
        {
            throw new ArgumentException($"card version must be 1.4 or 1.5, not {Version}", nameof(Version));
        }

        if (Report is { } link && (link.Scheme != Uri.UriSchemeHttps || !AllowedHosts.Contains(link.Host, StringComparer.OrdinalIgnoreCase)))
        {
            throw new ArgumentException($"a card may not link to {link.GetLeftPart(UriPartial.Authority)}: not https, or not an allowed host", nameof(Report));
        }
    }
}
