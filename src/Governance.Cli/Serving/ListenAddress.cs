using System.Collections.Immutable;
using System.Net;

namespace Governance.Cli.Serving;

/// <summary>Where the server listens, and how what is said there is protected.</summary>
/// <param name="Certificate">Null for plain http.</param>
internal sealed record ListenAddress(IPAddress Address, int Port, TlsCertificate? Certificate)
{
    /// <summary>Proxies whose word about the caller's address and scheme is taken; nobody else's is.</summary>
    public ImmutableArray<IPNetwork> Proxies { get; init; } = [];

    /// <exception cref="CliException">The address cannot be used, or would send tokens in the clear over a network.</exception>
    public static ListenAddress Read(string text, TlsCertificate? certificate, bool behindProxy)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.PathAndQuery != "/")
        {
            throw CliException.Usage("--listen takes an address such as http://127.0.0.1:8080");
        }

        var address = url.Host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" or "+" => IPAddress.Any,
            _ => IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) ? ip : throw CliException.Usage("--listen takes an IP address or localhost, not a name"),
        };
        var secure = url.Scheme == Uri.UriSchemeHttps;
        if (secure != certificate is not null)
        {
            throw CliException.Usage("an https address for --listen and --tls-certificate go together");
        }

        if (!secure && !behindProxy && !IPAddress.IsLoopback(address))
        {
            throw CliException.Usage(
                "--listen: tokens would cross the network in the clear. Name an https address with --tls-certificate, or --behind-proxy when a proxy in front does TLS");
        }

        return new ListenAddress(address, url.Port, certificate);
    }

    /// <param name="texts">Addresses or networks, such as <c>10.0.0.7</c> or <c>10.0.0.0/24</c>.</param>
    /// <exception cref="CliException">One is neither, or no proxy is said to be in front.</exception>
    public static ImmutableArray<IPNetwork> ReadProxies(string[] texts, bool behindProxy)
    {
        if (texts.Length > 0 && !behindProxy)
        {
            throw CliException.Usage("--proxy names the proxy of --behind-proxy, which is missing");
        }

        return [.. texts.Select(text => IPAddress.TryParse(text, out var one)
            ? new IPNetwork(one, one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
            : IPNetwork.TryParse(text, out var network) ? network : throw CliException.Usage("--proxy takes addresses or networks such as 10.0.0.7 or 10.0.0.0/24"))];
    }
}
