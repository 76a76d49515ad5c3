using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Governance.Cli.Serving;

/// <summary>Where the server listens, and how what is said there is protected.</summary>
internal sealed record ListenAddress(IPAddress Address, int Port, X509Certificate2? Certificate)
{
    /// <exception cref="CliException">The address cannot be used, or would send tokens in the clear over a network.</exception>
    public static ListenAddress Read(string text, FileInfo? certificate, FileInfo? key, bool behindProxy)
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

        return new ListenAddress(address, url.Port, certificate is null ? null : Load(certificate, key));
    }

    private static X509Certificate2 Load(FileInfo certificate, FileInfo? key)
    {
        try
        {
            return certificate.Extension is ".pfx" or ".p12"
                ? X509CertificateLoader.LoadPkcs12FromFile(certificate.FullName, Environment.GetEnvironmentVariable("GOVERNANCE_TLS_PASSWORD"))
                : X509Certificate2.CreateFromPemFile(certificate.FullName, key?.FullName);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"--tls-certificate: {certificate.Name} cannot be used with its key");
        }
    }
}
