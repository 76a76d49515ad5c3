using System.Diagnostics;
using System.Text.Json;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class AzureCommandTests
{
    private const string Variable = "GOVERNANCE_TEST_GRANT_TOKEN";

    public AzureCommandTests() => Environment.SetEnvironmentVariable(Variable, "canary-token-77aa");

    [Fact]
    public async Task The_identity_gets_every_right_once()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant(out var identity));

        var first = await Grant(simulator, identity, "--with-optional");
        var second = await Grant(simulator, identity, "--with-optional");

        Assert.Equal(0, first.Code);
        Assert.Equal(6, Lines(first).Count(line => line.EndsWith("granted", StringComparison.Ordinal)));
        Assert.Equal(0, second.Code);
        Assert.Equal(6, Lines(second).Count(line => line.EndsWith("held already", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whoever_may_not_grant_gets_commands_for_an_administrator_and_no_secret()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant(out var identity), new SimulatorOptions { Rights = new HashSet<string> { "Application.Read.All" } });

        var run = await Grant(simulator, identity);

        Assert.Equal(4, run.Code);
        Assert.Equal(4, Lines(run).Count(line => line.EndsWith("refused", StringComparison.Ordinal)));
        Assert.Contains($"servicePrincipals/{identity:D}/appRoleAssignments", run.Output, StringComparison.Ordinal);
        Assert.Contains("[?value=='Directory.Read.All']", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Output + run.Notes, StringComparison.Ordinal);
    }

    /// <summary>The commands are run in a shell whose <c>az</c> asks the simulator's tenant and writes down what it would send.</summary>
    [Fact]
    public async Task The_commands_for_an_administrator_run_as_they_are_and_send_what_was_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var tenant = Tenant(out var identity);
        var graph = tenant.ServicePrincipals.Single(principal => principal.AppId == Guid.Parse("00000003-0000-0000-c000-000000000000"));
        await using var simulator = await GraphSimulator.StartAsync(tenant, new SimulatorOptions { Rights = new HashSet<string> { "Application.Read.All" } });
        using var folder = new TemporaryFolder();
        var roles = graph.AppRoles.Select(role => $"*\"=='{role.Value}'\"*) echo {role.Id:D};;");
        var az = Path.Combine(folder.Path, "az");
        await File.WriteAllTextAsync(az, $"""
            #!/bin/sh
            case "$1 $2 $*" in
              "rest --method"*) while [ $# -gt 1 ]; do case "$1" in --url) url=$2;; --body) body=$2;; esac; shift; done; printf '%s\n%s\n' "$url" "$body" >> "$SENT";;
              *"--query id "*) echo {graph.Id:D};;
              {string.Join('\n', roles)}
            esac
            """);
        File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var refused = await Grant(simulator, identity);
        var script = string.Join('\n', Lines(refused).SkipWhile(line => !line.StartsWith("graph=", StringComparison.Ordinal)));
        var sent = Path.Combine(folder.Path, "sent");

        using var shell = Process.Start(new ProcessStartInfo("sh", ["-eu", "-c", script]) { Environment = { ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["SENT"] = sent } })!;
        await shell.WaitForExitAsync();

        Assert.Equal(0, shell.ExitCode);
        var requests = (await File.ReadAllLinesAsync(sent)).Chunk(2).ToArray();
        Assert.Equal(4, requests.Length);
        Assert.All(requests, request => Assert.Equal($"https://graph.microsoft.com/v1.0/servicePrincipals/{identity:D}/appRoleAssignments", request[0]));
        var bodies = requests.Select(request => JsonDocument.Parse(request[1]).RootElement).ToArray();
        Assert.All(bodies, body => Assert.Equal((identity, graph.Id), (body.GetProperty("principalId").GetGuid(), body.GetProperty("resourceId").GetGuid())));
        Assert.Equal(
            AppRoleGrants.Needed.Order(StringComparer.Ordinal),
            bodies.Select(body => graph.AppRoles.Single(role => role.Id == body.GetProperty("appRoleId").GetGuid()).Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_identity_that_is_not_there_is_said_to_be_missing()
    {
        await using var simulator = await GraphSimulator.StartAsync(Tenant(out _));

        var run = await Grant(simulator, Guid.Parse("0f0f0f0f-0000-4000-8000-000000000001"));

        Assert.NotEqual(0, run.Code);
        Assert.Contains("service principal", run.Notes, StringComparison.Ordinal);
    }

    /// <summary>A tenant whose Graph offers every right that scans need; the identity stands in for that of a deployment.</summary>
    private static SimulatedTenant Tenant(out Guid identity)
    {
        var tenant = MarketingOrganisation.Create(seed: 7, night: 1);
        var graph = tenant.ServicePrincipals.Single(principal => principal.AppId == Guid.Parse("00000003-0000-0000-c000-000000000000"));
        var wanted = new[] { "Organization.Read.All", "ConsentRequest.Read.All" }.Where(value => graph.AppRoles.All(role => role.Value != value));
        tenant.Change(change => change.Put(graph with { AppRoles = [.. graph.AppRoles, .. wanted.Select(value => new PermissionDefinition(Guid.NewGuid(), value, true))] }));
        identity = tenant.ServicePrincipals.First(principal => principal.Id != graph.Id && tenant.AppRoleAssignments.All(held => held.PrincipalId != principal.Id)).Id;
        return tenant;
    }

    private static Task<Run> Grant(GraphSimulator simulator, Guid principal, params string[] more) => Run.Of(
        ["azure", "grant", "--principal", principal.ToString(), "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", Variable, .. more]);

    private static string[] Lines(Run run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
