using System.Net;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>What the reader of Graph has to say stands in the log of <c>serve</c>.</summary>
public sealed class ReaderLogTests
{
    [Theory]
    [InlineData("foreign-link=https://evil.example/v1.0/users@oauth2PermissionGrants:1!1", "linked to another host; the link was not followed", 102)]
    [InlineData("429=1@servicePrincipals!1", "Graph asked for a wait", 100)]
    public async Task A_warning_of_the_reader_is_a_line_of_the_log(string fault, string said, int id)
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await ServeProcess.StartAsync(folder, tenant, more: ["--full-scan", "off", "--nightly-scan", "off"]);
        using var client = server.Client(await server.ShownTokenAsync());
        tenant.Simulator.Faults.Add(fault);

        using var asked = await client.PostAsync("/api/scans", null);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        await RunningServer.EndOf(client, asked.Headers.Location!.ToString());
        Assert.Equal(0, await server.TerminateAsync());

        var line = Assert.Single(server.Errors.Split('\n'), line => line.Contains(said, StringComparison.Ordinal));
        Assert.Contains($"[{id}]", line, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", server.Errors, StringComparison.Ordinal);
    }
}
