using System.Text.Json;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Faults;

namespace Governance.EndToEnd.Tests.Cli;

/// <summary>A missing right, a missing licence and an empty list told apart (GS-1, GS-2).</summary>
public sealed class DoctorCommandTests
{
    private const string Variable = "GOVERNANCE_DOCTOR_TOKEN";

    [Fact]
    public async Task With_every_right_everything_answers()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(seed: 1, night: 3));

        var run = await DoctorAsync(simulator);

        Assert.Equal(0, run.Code);
        Assert.All(run.Json.GetProperty("endpoints").EnumerateArray(), endpoint => Assert.Contains(endpoint.GetProperty("outcome").GetString(), new[] { "answers", "empty" }));
    }

    [Fact]
    public async Task A_missing_right_for_a_needed_list_is_access_refused_and_says_what_it_costs()
    {
        var rights = new HashSet<string> { "Application.Read.All", "User.Read.All" };
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(seed: 1, night: 3), new SimulatorOptions { Rights = rights });

        var run = await DoctorAsync(simulator);

        Assert.Equal(4, run.Code);
        Assert.Equal("missingRight", Outcome(run, "delegated permission grants"));
        Assert.Equal("answers", Outcome(run, "service principals"));
        Assert.Equal("missingRight", Outcome(run, "consent policy"));
    }

    [Fact]
    public async Task A_missing_licence_is_no_missing_right()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(seed: 1, night: 3), new SimulatorOptions { PremiumLicence = false });

        var run = await DoctorAsync(simulator);

        Assert.Equal(0, run.Code);
        Assert.Equal("missingLicence", Outcome(run, "sign-in activity"));
        Assert.Equal("answers", Outcome(run, "consent events"));
    }

    [Fact]
    public async Task An_endpoint_that_fails_is_neither()
    {
        await using var simulator = await GraphSimulator.StartAsync(MarketingOrganisation.Create(seed: 1, night: 3));
        simulator.Faults.Add(Fault.Parse("404@auditLogs/directoryAudits!always"));
        simulator.Faults.Add(Fault.Parse("400@users!always"));

        var run = await DoctorAsync(simulator);

        Assert.Equal(3, run.Code);
        Assert.Equal("notOffered", Outcome(run, "consent events"));
        Assert.Equal("failed", Outcome(run, "users with departments"));
    }

    [Fact]
    public async Task A_place_where_nothing_listens_is_a_failure()
    {
        Environment.SetEnvironmentVariable(Variable, "opaque");
        using var folder = new TemporaryFolder();

        var run = await Run.Of("doctor", "--graph-endpoint", "http://127.0.0.1:9", "--token-env", Variable, "--data", folder["data"], "--format", "json");

        Assert.Equal(5, run.Code);
        Assert.False(run.Json.GetProperty("graph").GetProperty("reachable").GetBoolean());
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task A_damaged_store_is_a_failure()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 1, night: 0));
        Environment.SetEnvironmentVariable(Variable, "opaque");
        Directory.CreateDirectory(tenant.Data);
        await File.WriteAllTextAsync(Path.Combine(tenant.Data, "governance.db"), "this is no database, whatever its name says");

        var run = await Run.Of("doctor", "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", Variable, "--data", tenant.Data, "--format", "json");

        Assert.Equal(5, run.Code);
        Assert.False(run.Json.GetProperty("store").GetProperty("sound").GetBoolean());
    }

    private static string? Outcome(Run run, string name) => run.Json.GetProperty("endpoints").EnumerateArray()
        .Single(endpoint => endpoint.GetProperty("name").GetString() == name).GetProperty("outcome").GetString();

    private static async Task<Run> DoctorAsync(GraphSimulator simulator)
    {
        Environment.SetEnvironmentVariable(Variable, "opaque");
        using var folder = new TemporaryFolder();
        return await Run.Of("doctor", "--graph-endpoint", simulator.Endpoint.ToString(), "--token-env", Variable, "--data", folder["data"], "--format", "json");
    }
}
