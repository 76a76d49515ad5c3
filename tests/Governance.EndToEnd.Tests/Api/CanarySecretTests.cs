using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Faults;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server whose every secret is a canary scans, posts, is asked rightly and wrongly, fails and stops; no canary may be found in anything that it leaves.</summary>
public sealed class CanarySecretTests
{
    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["GOVERNANCE_TLS_PASSWORD"] = "canary-tls-password",
        ["GOVERNANCE_TEST_WRITER"] = "canary-writer-token",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=canary-collector-key",
        ["GOVERNANCE_TEST_LEADS"] = WorkflowHost.AddressOf("leads"),
        ["GOVERNANCE_TEST_REFUSED"] = WorkflowHost.AddressOf(WorkflowHost.Refused),
    };

    [Fact]
    public async Task AU_7_no_secret_and_no_tenant_text_is_in_any_log_trace_metric_answer_digest_or_file()
    {
        using var certificates = new TestCertificates();
        using var folder = new TemporaryFolder();
        await using var authority = await Authority.StartAsync();
        await using var tenant = await ScannableTenant.StartAsync();
        await using var collector = await OtlpReceiver.StartAsync();
        await using var host = await WorkflowHost.StartAsync(new Random(1), folder["authority.pem"]);
        host.Calm();
        using (var certificate = certificates.Issue("127.0.0.1"))
        {
            await File.WriteAllBytesAsync(folder["server.pfx"], certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Default, Secrets["GOVERNANCE_TLS_PASSWORD"]));
        }

        folder.Write("governance.yaml", """
            version: 1
            approved: []
            digests:
              - {name: leads, urlEnv: GOVERNANCE_TEST_LEADS, period: quarter, at: "00:00"}
              - {name: refused, urlEnv: GOVERNANCE_TEST_REFUSED, period: quarter, at: "00:00"}
            """);
        var environment = Secrets.Concat(host.Environment).ToDictionary();
        environment["HTTPS_PROXY"] = environment["HTTPS_PROXY"].Replace("http://", "http://user:canary-proxy-password@", StringComparison.Ordinal);
        string[] options =
        [
            "--policy", folder["governance.yaml"], "--tls-certificate", folder["server.pfx"], "--writer-token-env", "GOVERNANCE_TEST_WRITER", "--otlp", collector.Address, "--log", "json",
            .. authority.Arguments(tenant.Id), "--full-scan", "off", "--nightly-scan", "off",
        ];
        var person = authority.Token(tenant.Id, "Governance.Read", "Governance.Scan", "Governance.Decide");
        var (answers, logs) = (new StringBuilder(), new StringBuilder());
        string token;
        await using (var server = await ServeProcess.StartAsync(folder, tenant, environment: environment, listen: "https://127.0.0.1:0", trusted: certificates, more: options))
        {
            token = await server.ShownTokenAsync();
            using var client = server.Client(person);
            using var asked = await client.PostAsync("/api/scans", null);
            Assert.Equal("complete", (await RunningServer.EndOf(client, asked.Headers.Location!.ToString())).GetProperty("status").GetString());
            await WrongRequestsAsync(server, person, token, answers);

            // A scan that Graph refuses: its message is parked with a reason.
            tenant.Simulator.Faults.Add("401@organization!always");
            using var failing = await client.PostAsync("/api/scans", null);
            await RunningServer.EndOf(client, failing.Headers.Location!.ToString());
            tenant.Simulator.Faults.Clear();
            using var admin = server.Client(token);
            answers.Append(await admin.GetStringAsync("/api/queue")).Append(await admin.GetStringAsync("/api/scans")).Append(await admin.GetStringAsync("/api/health/details")).Append(await admin.GetStringAsync("/api/audit"));
            Assert.Equal(0, await server.TerminateAsync());
            logs.Append(server.Errors);
        }

        // Digests go out when a server starts and finds them due.
        await using (var server = await ServeProcess.StartAsync(folder, tenant, environment: environment, listen: "https://127.0.0.1:0", trusted: certificates, more: options))
        {
            await RunningServer.Until(async () => (await Run.Of("digest", "status", "--data", folder["data"])).Output is var status && status.Contains("accepted", StringComparison.Ordinal) && status.Contains("failed", StringComparison.Ordinal));
            Assert.Equal(0, await server.TerminateAsync());
            logs.Append(server.Errors);
        }

        foreach (var command in new[] { "queue list", "digest status", "audit export", "kpis", "findings", "decisions" })
        {
            var run = await Run.Of([.. command.Split(' '), "--data", folder["data"]]);
            answers.Append(run.Output).Append(run.Notes);
        }

        // What was looked through is not nothing.
        Assert.Superset(new HashSet<string> { "governance.api.request.duration", "governance.message.duration" }, collector.MetricNames);
        Assert.Contains(collector.MetricNames, name => name.StartsWith("dotnet.", StringComparison.Ordinal));
        Assert.Contains(collector.MetricNames, name => name.StartsWith("kestrel.", StringComparison.Ordinal));
        Assert.Equal(["api", "message"], collector.SpanNames.Order());
        Assert.Superset(new HashSet<string> { "operation", "http.response.status_code", "messaging.message.id", "attempt" }, collector.SpanAttributes);
        Assert.Contains("\"parked\":[{", answers.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(host.Bodies);

        string[] secrets =
        [
            .. Secrets.Values.Select(secret => secret.Split('=')[^1]), WorkflowHost.Signature, "canary-proxy-password", "canary-wrong", "canary-in-", ServeProcess.GraphToken, token, person, person.Split('.')[2],
        ];
        await Invariants.NoSecretAsync(folder["data"], secrets);
        var said = new[] { ("log", logs.ToString()), ("telemetry", collector.Everything), ("answers", answers.ToString()), ("digests", string.Concat(host.Bodies)) };
        Assert.All(said, of => Assert.All(secrets, secret => Assert.False(of.Item2.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{of.Item1} holds {secret}")));

        // Nor is the tenant's own text in logs and telemetry, and each log line is one record.
        string[] texts =
        [
            .. tenant.Simulator.Tenant.ServicePrincipals.Select(app => app.DisplayName).OfType<string>(), .. tenant.Simulator.Tenant.Users.Select(user => user.DisplayName),
            .. tenant.Simulator.Tenant.Users.Select(user => user.UserPrincipalName).OfType<string>(), tenant.Simulator.Tenant.DisplayName,
        ];
        Assert.All(said[..2], of => Assert.All(texts.Where(text => text.Length > 8), text => Assert.DoesNotContain(text, of.Item2, StringComparison.OrdinalIgnoreCase)));
        var lines = logs.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("governance: ", StringComparison.Ordinal)).ToArray();
        Assert.True(lines.Length > 10);
        Assert.All(lines, line => Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("EventId", out _)));
    }

    /// <summary>Secrets in every place where a caller can put one by mistake.</summary>
    private static async Task WrongRequestsAsync(ServeProcess server, string person, string token, StringBuilder answers)
    {
        using var stranger = server.Client("canary-wrong-token");
        using var client = server.Client(person);
        var body = $$"""{"mode":"full","password":"canary-in-body {{token}}"}""";
        foreach (var send in new Func<Task<HttpResponseMessage>>[]
        {
            () => stranger.GetAsync("/api/apps"),
            () => client.GetAsync($"/api/apps?code=canary-in-query{token}"),
            () => client.GetAsync($"/api/apps?search={token}"),
            () => client.GetAsync($"/api/apps/{token}"),
            () => client.GetAsync("/api/scans/canary-in-path"),
            () => client.PostAsync("/api/scans", ApiClient.Json(body)),
            () => client.PostAsync("/api/requests", ApiClient.Json("""{"app":"canary-in-field","purpose":"canary-in-field"}""")),
            () => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/apps") { Headers = { { "Cookie", "session=canary-in-cookie" }, { "X-Functions-Key", "canary-in-header" } } }),
        })
        {
            using var response = await send();
            var text = await response.Content.ReadAsStringAsync();
            Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
            answers.Append(response.Headers).Append(text);
        }
    }
}
