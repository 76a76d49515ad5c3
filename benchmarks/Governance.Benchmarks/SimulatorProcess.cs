using System.Diagnostics;
using System.Globalization;
using Governance.Simulator;
using Governance.Simulator.Tenants;

namespace Governance.Benchmarks;

/// <summary>What the simulator counted since it was last asked.</summary>
internal readonly record struct ServedCounts(long Calls, long Units, long Throttled);

/// <summary>
/// The simulated tenant in a process of its own. It tells its endpoint; then it answers <c>counts</c> with what it counted and starts anew,
/// <c>chain</c> with the milliseconds its longest chain of pages must take, and lets so many things happen at <c>change N</c>.
/// </summary>
internal sealed class SimulatorProcess : IDisposable
{
    private readonly Process _process;

    private SimulatorProcess(Process process, Uri endpoint, string resources)
    {
        _process = process;
        Endpoint = endpoint;
        Resources = resources;
    }

    public Uri Endpoint { get; }

    /// <summary>File with the ids of the resources that app role assignments are asked of.</summary>
    public string Resources { get; }

    public static async Task<int> ServeAsync(int grants, string resources, ServedBehaviour behaviour)
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(grants), 20260105);
        await File.WriteAllLinesAsync(resources, Offering(tenant).Select(app => app.Id.ToString()));
        await using var simulator = await GraphSimulator.StartAsync(tenant, behaviour.Options);
        Console.WriteLine(simulator.Endpoint);
        var changes = 0;
        while (await Console.In.ReadLineAsync() is { } asked)
        {
            switch (asked.Split(' '))
            {
                case ["counts"]:
                    Console.WriteLine($"{simulator.Requests.HttpCalls} {simulator.Requests.ResourceUnits} {simulator.Requests.Throttled}");
                    simulator.Requests.Clear();
                    break;
                case ["chain"]:
                    Console.WriteLine(LongestChain(tenant, behaviour).ToString(CultureInfo.InvariantCulture));
                    break;
                case ["change", var times]:
                    changes = Change(tenant, changes, int.Parse(times, CultureInfo.InvariantCulture));
                    Console.WriteLine("changed");
                    break;
            }
        }

        return 0;
    }

    public static async Task<SimulatorProcess> StartAsync(int grants, ServedBehaviour? behaviour = null)
    {
        var resources = Path.GetTempFileName();
        var process = Child.Start(["serve", grants.ToString(CultureInfo.InvariantCulture), resources, .. (behaviour ?? ServedBehaviour.AtOnce).Arguments]);
        var endpoint = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"the simulator did not start: {await process.StandardError.ReadToEndAsync()}");
        return new SimulatorProcess(process, new Uri(endpoint), resources);
    }

    public async Task<ServedCounts> CountsAsync()
    {
        var counts = (await AskAsync("counts")).Split(' ');
        return new(long.Parse(counts[0], CultureInfo.InvariantCulture), long.Parse(counts[1], CultureInfo.InvariantCulture), long.Parse(counts[2], CultureInfo.InvariantCulture));
    }

    /// <returns>Milliseconds of waiting in the chain of pages that takes longest, each page asked for when the one before is there.</returns>
    public async Task<double> LongestChainAsync() => double.Parse(await AskAsync("chain"), CultureInfo.InvariantCulture);

    public Task ChangeAsync(int times) => AskAsync($"change {times}");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(Resources);
    }

    private async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the simulator has ended");
    }

    private static IEnumerable<SimulatedServicePrincipal> Offering(SimulatedTenant tenant) =>
        tenant.ServicePrincipals.Where(app => app.AppRoles.Length > 0 || app.AssignmentRequired);

    /// <summary>Three lists side by side; the assignments of the resource that has most begin after the first page of service principals.</summary>
    private static double LongestChain(SimulatedTenant tenant, ServedBehaviour behaviour)
    {
        var byResource = tenant.AppRoleAssignments.GroupBy(row => row.ResourceId).Select(rows => rows.Count()).DefaultIfEmpty(0).Max();
        return new[]
        {
            Chain(tenant.ServicePrincipalCount), Chain(tenant.GrantCount), Chain(tenant.UserCount), Chain(Math.Min(999, tenant.ServicePrincipalCount)) + Chain(byResource),
        }.Max();

        double Chain(int rows) => (Math.Max(1, (rows + 998) / 999) * behaviour.PerRequest) + (rows * behaviour.PerRow);
    }

    /// <summary>In turn a grant is widened, a grant is given, a user moves.</summary>
    private static int Change(SimulatedTenant tenant, int from, int times)
    {
        var apps = tenant.ServicePrincipals.Take(100).ToArray();
        var users = tenant.Users.Skip(from).Take(times + 1).ToArray();
        var grants = tenant.Grants.Skip(from).Take(times + 1).ToArray();
        tenant.Change(change =>
        {
            for (var i = 0; i < times; i++)
            {
                switch (i % 3)
                {
                    case 0:
                        change.Put(grants[i % grants.Length] with { Scope = $"User.Read Mail.Read Wider.{from + i}" });
                        break;
                    case 1:
                        change.Put(new SimulatedGrant(apps[i % apps.Length].Id, apps[0].Id, users[i % users.Length].Id, $"Files.Read.All Given.{from + i}"));
                        break;
                    default:
                        change.Put(users[i % users.Length] with { Department = $"Moved {from + i}" });
                        break;
                }
            }
        });
        return from + times;
    }
}
