using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>An authority of its own that issues certificates for servers; programs trust it when <c>SSL_CERT_FILE</c> names its file.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa _key;
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Governance test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
    }

    private TestCertificates(ECDsa key, X509Certificate2 authority) => (_key, _authority) = (key, authority);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public X509Certificate2 Authority => _authority;

    /// <summary>Certificate of the authority in PEM, for whoever is to trust it.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>An authority below this one, as those are that issue certificates to the public.</summary>
    public (X509Certificate2 Certificate, TestCertificates Issuer) Below()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Governance test issuer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var issued = request.Create(_authority, Now.AddYears(-1).AddDays(-1), Now.AddYears(1), RandomNumberGenerator.GetBytes(12));
        var whole = issued.CopyWithPrivateKey(key);
        return (whole, new TestCertificates(key, whole));
    }

    /// <summary>A certificate for a host name or an IP address, with its key.</summary>
    public X509Certificate2 Issue(string host, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var issued = request.Create(_authority, Now.AddYears(-1), until ?? Now.AddMonths(6), RandomNumberGenerator.GetBytes(12));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>For a client that trusts this authority and no other.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _authority }, RevocationMode = X509RevocationMode.NoCheck },
        },
    };

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
