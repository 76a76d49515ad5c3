using System.Net;
using System.Text.RegularExpressions;

namespace Governance.Microsoft365.Graph;

/// <summary>The one place that requests and tokens go to.</summary>
internal sealed partial class GraphEndpoint
{
    private readonly Uri _root;

    /// <exception cref="ArgumentException">The address cannot be used; see <see cref="ProblemOf"/>.</exception>
    public GraphEndpoint(Uri endpoint)
    {
        if (ProblemOf(endpoint) is { } problem)
        {
            throw new ArgumentException($"Graph endpoint: {problem}", nameof(endpoint));
        }

        var path = endpoint.AbsolutePath.TrimEnd('/');
        _root = new Uri($"{endpoint.GetLeftPart(UriPartial.Authority)}{(Version().IsMatch(path) ? path : path + "/v1.0")}/");
    }

    /// <summary>Host and port, as a person would look for them.</summary>
    public string HostAndPort => $"{_root.IdnHost}:{_root.Port}";

    public bool Loopback => IsLoopback(_root);

    /// <summary>OAuth scope of the token for this endpoint.</summary>
    public string TokenScope => $"{_root.Scheme}://{_root.Authority}/.default";

    public Uri At(string pathAndQuery) => new(_root, pathAndQuery);

    /// <summary>A link to this version of the endpoint as items of a batch write it; null for any other link.</summary>
    public string? Relative(Uri link) =>
        Owns(link) && link.AbsolutePath.StartsWith(_root.AbsolutePath, StringComparison.Ordinal) ? link.PathAndQuery[(_root.AbsolutePath.Length - 1)..] : null;

    /// <summary>The same path in the beta version, for what v1.0 does not offer.</summary>
    public Uri BetaAt(string pathAndQuery) => new(new Uri(_root, "../beta/"), pathAndQuery);

    /// <summary>True when a link leads to this endpoint's scheme, host and port, and carries no credentials.</summary>
    public bool Owns(Uri link) => link.IsAbsoluteUri && link.UserInfo.Length == 0
        && link.Scheme == _root.Scheme && link.Port == _root.Port && string.Equals(link.IdnHost, _root.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <returns>Why the address cannot be used; null when it can.</returns>
    public static string? ProblemOf(Uri? endpoint)
    {
        if (endpoint is not { IsAbsoluteUri: true } || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp) || endpoint.Host.Length == 0)
        {
            return "an address such as https://graph.microsoft.com is needed";
        }

        if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
        {
            return "the address must not hold a user, a query or a fragment";
        }

        return endpoint.Scheme == Uri.UriSchemeHttp && !IsLoopback(endpoint)
            ? $"http://{endpoint.Authority} would send the token in the clear; use https (http is allowed for this machine only)"
            : null;
    }

    /// <remarks>By name only <c>localhost</c>; any other name may be pointed elsewhere by a name server.</remarks>
    private static bool IsLoopback(Uri address) =>
        string.Equals(address.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));

    [GeneratedRegex(@"/(v\d+(\.\d+)?|beta)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
