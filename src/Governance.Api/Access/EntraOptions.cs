using System.Collections.Immutable;

namespace Governance.Api.Access;

/// <summary>Which Entra tokens are accepted.</summary>
public sealed class EntraOptions
{
    public const string Section = "Entra";

    private const string IdUri = "api://";

    /// <summary>Issuing authority, such as <c>https://login.microsoftonline.com/{tenant}/v2.0</c>. Plain http only for a loopback host.</summary>
    public Uri? Authority { get; set; }

    /// <summary>Application id or id URI of this API: what a token's <c>aud</c> must be.</summary>
    public string Audience { get; set; } = string.Empty;

    /// <summary>Application id of this API: <see cref="Audience"/> without the <c>api://</c> of an id URI.</summary>
    public string ApplicationId => Audience.StartsWith(IdUri, StringComparison.OrdinalIgnoreCase) ? Audience[IdUri.Length..] : Audience;

    /// <summary>Tenants whose tokens are accepted, each with the tenants its callers may see; a tenant without entries sees itself.</summary>
    public IDictionary<Guid, ImmutableArray<Guid>> Tenants { get; } = new Dictionary<Guid, ImmutableArray<Guid>>();

    /// <summary>How far the clocks of authority and server may be apart. Default 2 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(2);

    /// <returns>Every mistake with the name of its setting, without its value; empty when there is none.</returns>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Authority is not { IsAbsoluteUri: true } authority || (authority.Scheme != Uri.UriSchemeHttps && !(authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
        {
            problems.Add($"{Section}:{nameof(Authority)} must be an https address");
        }

        if (string.IsNullOrWhiteSpace(Audience) || Audience.Contains('<', StringComparison.Ordinal))
        {
            problems.Add($"{Section}:{nameof(Audience)} must be the application id or id URI of this API");
        }

        if (Tenants.Count == 0 || Tenants.ContainsKey(Guid.Empty))
        {
            problems.Add($"{Section}:{nameof(Tenants)} must name the tenants whose tokens are accepted");
        }

        if (ClockSkew < TimeSpan.Zero || ClockSkew > TimeSpan.FromMinutes(5))
        {
            problems.Add($"{Section}:{nameof(ClockSkew)} must be between 0 and 5 minutes");
        }

        return problems;
    }
}
