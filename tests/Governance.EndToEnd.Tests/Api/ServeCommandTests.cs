using System.Net;
using System.Net.Sockets;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Api;

/// <summary><c>governance serve</c> as a process: what it refuses to start with, what it shows, and how it stops.</summary>
public sealed class ServeCommandTests
{
    private const string Tenant = "0a0a0a0a-1111-4222-8333-444444444444";

    [Theory]
    [InlineData("--listen", "--listen", "http://0.0.0.0:8080")]
    [InlineData("--listen", "--listen", "http://[::]:8080")]
    [InlineData("--listen", "--listen", "http://192.0.2.7:8080")]
    [InlineData("--listen", "--listen", "http://*:8080")]
    [InlineData("--listen", "--listen", "http://example.com:8080")]
    [InlineData("--listen", "--listen", "ftp://127.0.0.1")]
    [InlineData("--listen", "--listen", "8080")]
    [InlineData("--tls-certificate", "--listen", "https://127.0.0.1:8443")]
    [InlineData("--time-zone", "--time-zone", "Mars/Olympus")]
    [InlineData("--full-scan", "--full-scan", "0 2 31 2 *")]
    [InlineData("--nightly-scan", "--nightly-scan", "every night")]
    [InlineData("--entra-client-id must", "--entra-tenant", Tenant)]
    [InlineData("--entra-client-id must", "--entra-client-id", "", "--entra-tenant", Tenant)]
    [InlineData("--entra-client-id must", "--entra-client-id", "<canary-value>", "--entra-tenant", Tenant)]
    [InlineData("--entra-client-id must", "--entra-client-id", "api://canary-value", "--entra-tenant", Tenant)]
    [InlineData("--entra-client-id must", "--entra-client-id", "00000000-0000-0000-0000-000000000000", "--entra-tenant", Tenant)]
    [InlineData("--entra-tenant must", "--entra-client-id", Tenant)]
    [InlineData("--entra-app-id-uri must", "--entra-client-id", Tenant, "--entra-tenant", Tenant, "--entra-app-id-uri", "")]
    [InlineData("--entra-app-id-uri must", "--entra-client-id", Tenant, "--entra-tenant", Tenant, "--entra-app-id-uri", "api://<canary-value>")]
    [InlineData("--entra-authority must", "--entra-client-id", Tenant, "--entra-tenant", Tenant, "--entra-authority", "http://canary-value.example.com")]
    [InlineData("--entra-tenant", "--entra-tenant", "canary-value")]
    [InlineData("--otlp", "--otlp", "canary-value")]
    [InlineData("--tls-key", "--tls-key", "canary-value")]
    [InlineData("there is no such file", "--listen", "https://127.0.0.1:8443", "--tls-certificate", "no-such.pem")]
    [InlineData("--writer-token-env", "--writer-token-env", "canary-value.that-is.the-token")]
    [InlineData("--writer-token-env", "--writer-token-env", "PATH")]
    [InlineData("--writer-token-env", "--writer-token-env", "GOVERNANCE_NOT_SET")]
    [InlineData("--writer-identity", "--writer-identity", "0a0a0a0a-1111-4222-8333-444444444444", "--writer-token-env", "PATH")]
    public async Task CF_1_CF_2_and_CF_6_a_wrong_setting_stops_the_start_with_its_name_and_without_its_value(string named, params string[] options)
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of(["serve", "--tenant", Tenant, "--token-env", "PATH", "--data", folder["data"], .. options]);

        Assert.Equal(2, run.Code);
        Assert.Contains(named, run.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-value", run.Notes, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task CF_1_a_zone_that_no_machine_knows_stops_the_start_with_its_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("governance.yaml", "version: 1\napproved: []\ndigests:\n  - {name: leads, urlEnv: PATH, zone: Europe/Berln}\n");

        var run = await Run.Of("serve", "--tenant", Tenant, "--token-env", "PATH", "--data", folder["data"], "--policy", folder["governance.yaml"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("governance.yaml: line 4, column 39: this machine knows no time zone 'Europe/Berln' (did you mean 'Europe/Berlin'?)", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_without_a_stack()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await using var server = await ServeProcess.StartAsync(folder, tenant, waitUntilServing: false, listen: $"http://{other.LocalEndpoint}");

        Assert.Equal(2, await server.ExitAsync());
        Assert.Contains($"--listen: Failed to bind to address http://{other.LocalEndpoint}", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_cannot_be_written_is_not_made_and_one_that_goes_on_is_said()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        await using (var failed = await ServeProcess.StartAsync(folder, tenant, waitUntilServing: false, more: ["--token-file", folder["no/such/token"]]))
        {
            Assert.Equal(2, await failed.ExitAsync());
        }

        await using (var first = await ServeProcess.StartAsync(folder, tenant, more: ["--token-file", folder["token"]]))
        {
            using var client = first.Client(await File.ReadAllTextAsync(folder["token"]));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/queue")).StatusCode);
            Assert.Equal(0, await first.TerminateAsync());
        }

        var token = await File.ReadAllTextAsync(folder["token"]);
        await using (var second = await ServeProcess.StartAsync(folder, tenant, more: ["--token-file", folder["token"]]))
        {
            Assert.Contains("--new-token makes another", second.Errors, StringComparison.Ordinal);
            Assert.Equal(token, await File.ReadAllTextAsync(folder["token"]));
        }

        Assert.False(File.Exists(folder["token.part"]));
    }

    [Fact]
    public async Task CF_1_without_a_tenant_it_does_not_start()
    {
        using var folder = new TemporaryFolder();

        var run = await Run.Of("serve", "--token-env", "PATH", "--data", folder["data"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("--tenant", run.Notes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_shown_once_and_the_process_stops_when_it_is_told()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        string token;
        await using (var first = await ServeProcess.StartAsync(folder, tenant))
        {
            token = await first.ShownTokenAsync();
            using var client = first.Client(token);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/queue")).StatusCode);

            await using var second = await ServeProcess.StartAsync(folder, tenant, waitUntilServing: false);
            Assert.Equal(5, await second.ExitAsync());
            Assert.Contains("another server has the data folder", second.Errors, StringComparison.Ordinal);

            Assert.Equal(0, await first.TerminateAsync());
            Assert.DoesNotContain(token, first.Errors, StringComparison.Ordinal);
        }

        await using var again = await ServeProcess.StartAsync(folder, tenant);
        Assert.Null(again.Token);
        using var known = again.Client(token);
        Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/api/queue")).StatusCode);
    }

    [Fact]
    public async Task AU_7_log_lines_are_JSON_on_request_and_hold_no_secret()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        await using var process = await ServeProcess.StartAsync(folder, tenant, more: ["--log", "json"]);
        using var client = process.Client(await process.ShownTokenAsync());
        using var asked = await client.PostAsync("/api/scans", null);
        await RunningServer.EndOf(client, asked.Headers.Location!.ToString());
        using var refused = process.Client("canary-wrong-token");
        await refused.GetAsync("/api/apps");

        Assert.Equal(0, await process.TerminateAsync());

        var lines = process.Errors.Split('\n').Where(line => line.StartsWith('{')).ToArray();
        Assert.True(lines.Length >= 3);
        Assert.All(lines, line => Assert.True(System.Text.Json.JsonDocument.Parse(line).RootElement.TryGetProperty("EventId", out _)));
        foreach (var secret in new[] { await process.ShownTokenAsync(), "canary-wrong-token", ServeProcess.GraphToken })
        {
            Assert.DoesNotContain(secret, process.Errors, StringComparison.Ordinal);
        }
    }
}
