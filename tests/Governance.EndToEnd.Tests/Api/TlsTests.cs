using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Governance.Cli.Serving;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server that other machines may reach: over TLS, or behind a proxy that was named.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Tenant = "0a0a0a0a-1111-4222-8333-444444444444";
    private readonly TestCertificates _certificates = new();
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("server.pem")]
    [InlineData("server.pfx")]
    public async Task It_serves_over_TLS_with_the_certificate_of_a_file_and_those_between_it_and_the_authority(string file)
    {
        var (between, issuer) = _certificates.Below();
        using var own = issuer.Issue("127.0.0.1");
        if (file.EndsWith("pem", StringComparison.Ordinal))
        {
            _folder.Write(file, own.ExportCertificatePem() + "\n" + between.ExportCertificatePem());
            _folder.Write("server.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }
        else
        {
            await File.WriteAllBytesAsync(_folder[file], new X509Certificate2Collection { own, X509CertificateLoader.LoadCertificate(between.RawData) }.Export(X509ContentType.Pfx, "canary-password")!);
        }

        await using var tenant = await ScannableTenant.StartAsync();
        string[] key = file.EndsWith("pem", StringComparison.Ordinal) ? ["--tls-key", _folder["server.key"]] : [];
        await using var server = await ServeProcess.StartAsync(
            _folder, tenant, environment: new Dictionary<string, string> { [TlsCertificate.Password] = "canary-password" }, listen: "https://0.0.0.0:0", trusted: _certificates,
            more: ["--tls-certificate", _folder[file], .. key]);
        var address = new Uri($"https://127.0.0.1:{server.Address.Port}");

        using var client = new HttpClient(_certificates.Handler()) { BaseAddress = address };
        using var health = await client.GetAsync("/api/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("max-age=31536000", health.Headers.GetValues("Strict-Transport-Security").Single());

        // Whoever knows another authority, or asks in the clear, or in an old version of TLS, learns nothing.
        using var others = new TestCertificates();
        using var stranger = new HttpClient(others.Handler()) { BaseAddress = address };
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync("/api/health"));
        Assert.DoesNotContain("HTTP/1.1 200", await InTheClearAsync(address.Port), StringComparison.Ordinal);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        await using var old = new SslStream(socket.GetStream());
#pragma warning disable SYSLIB0039, CA5397 // The old version is the point.
        await Assert.ThrowsAnyAsync<Exception>(() => old.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls11 }));
#pragma warning restore SYSLIB0039, CA5397
        Assert.Equal(0, await server.TerminateAsync());
        Assert.DoesNotContain("canary-password", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "cannot be used")]
    [InlineData("ended", "ended on")]
    [InlineData("keyless", "cannot be used with its key")]
    [InlineData("other-key", "cannot be used with its key")]
    [InlineData("garbage", "cannot be used")]
    [InlineData("password", TlsCertificate.Password)]
    [InlineData("empty-bag", "no private key")]
    public async Task CF_1_a_certificate_that_cannot_serve_stops_the_start(string wrong, string said)
    {
        using var own = _certificates.Issue("127.0.0.1", wrong == "ended" ? TimeProvider.System.GetUtcNow().AddDays(-2) : null);
        using var other = _certificates.Issue("127.0.0.1");
        var file = wrong switch
        {
            "missing" => "missing.pem",
            "garbage" => _folder.Write("server.pem", "not a certificate"),
            "keyless" => _folder.Write("server.pem", own.ExportCertificatePem()),
            "other-key" => _folder.Write("server.pem", own.ExportCertificatePem() + "\n" + other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            "password" or "empty-bag" => _folder["server.pfx"],
            _ => _folder.Write("server.pem", own.ExportCertificatePem() + "\n" + own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        };
        if (wrong is "password" or "empty-bag")
        {
            var bag = wrong == "password" ? own : X509CertificateLoader.LoadCertificate(own.RawData);
            await File.WriteAllBytesAsync(file, bag.ExportPkcs12(Pkcs12ExportPbeParameters.Default, wrong == "password" ? "canary-password" : null));
        }

        var run = await Run.Of("serve", "--tenant", Tenant, "--token-env", "PATH", "--data", _folder["data"], "--listen", "https://127.0.0.1:0", "--tls-certificate", file);

        Assert.Equal(2, run.Code);
        Assert.Contains("--tls-certificate", run.Notes, StringComparison.Ordinal);
        Assert.Contains(said, run.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Notes, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "203.0.113.9")]
    [InlineData("10.0.0.7", "127.0.0.1")]
    [InlineData(null, "127.0.0.1")]
    public async Task What_is_forwarded_about_a_caller_counts_from_the_named_proxy_alone(string? proxy, string expected)
    {
        var listen = ListenAddress.Read("http://127.0.0.1:0", null, behindProxy: true) with { Proxies = ListenAddress.ReadProxies(proxy is null ? [] : [proxy], behindProxy: true) };
        await using var server = await RunningServer.StartAsync(listen: listen);
        using var client = server.Stranger();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var response = await client.GetAsync("/api/apps");

        Assert.Equal("not-authenticated", await response.Problem(HttpStatusCode.Unauthorized));
        Assert.Contains(server.Log.Lines, line => line.StartsWith("520 ", StringComparison.Ordinal) && line.Contains($"from {expected} ", StringComparison.Ordinal));
        Assert.Equal(expected != "127.0.0.1", response.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("--proxy", "10.0.0.7")]
    [InlineData("--behind-proxy", "--proxy", "canary-proxy")]
    public async Task CF_1_a_proxy_that_cannot_be_meant_stops_the_start(params string[] options)
    {
        var run = await Run.Of(["serve", "--tenant", Tenant, "--token-env", "PATH", "--data", _folder["data"], .. options]);

        Assert.Equal(2, run.Code);
        Assert.Contains("--proxy", run.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Notes, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> InTheClearAsync(int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        try
        {
            using var reader = new StreamReader(stream);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
