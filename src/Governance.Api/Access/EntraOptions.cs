using System.Collections.Immutable;

namespace Governance.Api.Access;

/// <summary>Which Entra tokens are accepted.</summary>
public sealed class EntraOptions
{
    public const string Section = "Entra";

    private const string DefaultUriScheme = "api://";

    /// <summary>Sign-in authority of the cloud; what stands behind its host does not count. Plain http only for a loopback host.</summary>
    public Uri? LoginEndpoint { get; set; } = new("https://login.microsoftonline.com");

    /// <summary>Application (client) id of this API's registration. A token's <c>aud</c> is this id, or in v1.0 tokens <see cref="ApplicationIdUri"/>.</summary>
    public Guid ClientId { get; set; }

    /// <summary>Application ID URI of the registration; null for the one that Entra proposes, <c>api://</c> and the client id.</summary>
    public string? ApplicationIdUri { get; set; }

    /// <summary>Tenants whose tokens are accepted, each with the tenants its callers may see; a tenant without entries sees itself.</summary>
    public IDictionary<Guid, ImmutableArray<Guid>> Tenants { get; } = new Dictionary<Guid, ImmutableArray<Guid>>();

    /// <summary>How far the clocks of authority and server may be apart. Default 2 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(2);

    internal string AudienceUri => ApplicationIdUri ?? DefaultUriScheme + ClientId;

    /// <summary>A client id as it is written in a setting, with or without the <c>api://</c> of the default URI.</summary>
    /// <returns>An empty id for anything else.</returns>
    public static Guid ParseClientId(string? text) =>
        Guid.TryParseExact(text?.StartsWith(DefaultUriScheme, StringComparison.OrdinalIgnoreCase) == true ? text[DefaultUriScheme.Length..] : text, "D", out var id)
            ? id
            : Guid.Empty;

    /// <returns>Every wrong setting with what it must be, without its value; empty when there is none.</returns>
    public IReadOnlyList<(string Setting, string Demand)> Problems()
    {
        var problems = new List<(string, string)>();
        if (LoginEndpoint is not { IsAbsoluteUri: true } login
            || (login.Scheme != Uri.UriSchemeHttps && !(login.Scheme == Uri.UriSchemeHttp && login.IsLoopback)))
        {
            problems.Add((nameof(LoginEndpoint), "must be an https address"));
        }

        if (ClientId == Guid.Empty)
        {
            problems.Add((nameof(ClientId), "must be the application (client) id of this API, a GUID"));
        }

        if (ApplicationIdUri is { } uri && (uri.Contains('<', StringComparison.Ordinal) || !Uri.TryCreate(uri, UriKind.Absolute, out _)))
        {
            problems.Add((nameof(ApplicationIdUri), "must be the application ID URI of this API, such as api://contoso.com/governance"));
        }

        if (Tenants.Count == 0 || Tenants.ContainsKey(Guid.Empty))
        {
            problems.Add((nameof(Tenants), "must name the tenants whose tokens are accepted"));
        }

        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(5))
        {
            problems.Add((nameof(ClockSkew), "must be between 0 and 5 minutes"));
        }

        return problems;
    }
}
