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
