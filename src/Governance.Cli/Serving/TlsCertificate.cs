using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Governance.Cli.Serving;

/// <summary>The certificate a server shows, with its key, and the ones between it and an authority that callers know.</summary>
/// <param name="Own">Has its private key.</param>
/// <param name="Chain">Sent with it; empty when the file held no others.</param>
internal sealed record TlsCertificate(X509Certificate2 Own, X509Certificate2Collection Chain)
{
    /// <summary>Environment variable that holds the password of a PFX file.</summary>
    public const string Password = "GOVERNANCE_TLS_PASSWORD";

    /// <param name="file">PEM, the server's own certificate first; or PFX.</param>
    /// <param name="key">Private key of a PEM certificate; null when it is in the same file.</param>
    /// <exception cref="CliException">It cannot be read, has no key, or is not valid now.</exception>
    public static TlsCertificate Read(FileInfo file, FileInfo? key, DateTimeOffset now)
    {
        foreach (var (option, named) in new[] { ("--tls-certificate", file), ("--tls-key", key) })
        {
            if (named is { Exists: false })
            {
                throw CliException.Usage($"{option}: {named.FullName} cannot be used: there is no such file");
            }
        }

        var read = Load(file, key);
        return !read.Own.HasPrivateKey ? throw CliException.Usage($"--tls-certificate: {file.Name} holds no private key")
            : now > read.Own.NotAfter ? throw CliException.Usage($"--tls-certificate: {file.Name} ended on {read.Own.NotAfter.ToUniversalTime():yyyy-MM-dd}; no caller would accept it")
            : now < read.Own.NotBefore ? throw CliException.Usage($"--tls-certificate: {file.Name} is valid only from {read.Own.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC")
            : read;
    }

    private static TlsCertificate Load(FileInfo file, FileInfo? key)
    {
        try
        {
            if (file.Extension is ".pfx" or ".p12")
            {
                var bag = X509CertificateLoader.LoadPkcs12CollectionFromFile(file.FullName, Environment.GetEnvironmentVariable(Password));
                var own = bag.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw CliException.Usage($"--tls-certificate: {file.Name} holds no private key");
                return new TlsCertificate(own, [.. bag.Where(certificate => certificate != own)]);
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file.FullName);
            var first = X509Certificate2.CreateFromPemFile(file.FullName, key?.FullName);
            return new TlsCertificate(first, [.. chain.Skip(1)]);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage(file.Extension is ".pfx" or ".p12"
                ? $"--tls-certificate: {file.Name} cannot be used; is the password in {Password} right?"
                : $"--tls-certificate: {file.Name} cannot be used with its key{(key is null ? "; --tls-key names a key that is not in the same file" : string.Empty)}");
        }
    }
}
