using System.Diagnostics;
using Governance.Simulator;
using Governance.Simulator.Tenants;

namespace Governance.Benchmarks;

/// <summary>The simulated tenant in a process of its own; it tells its endpoint, then answers each line with its counts and starts them anew.</summary>
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

    public static async Task<int> ServeAsync(int grants, string resources)
    {
        var tenant = ScaledTenant.Create(TenantSize.ForGrants(grants), 20260105);
        await File.WriteAllLinesAsync(resources, tenant.ServicePrincipals.Where(app => app.AppRoles.Length > 0 || app.AssignmentRequired).Select(app => app.Id.ToString()));
        await using var simulator = await GraphSimulator.StartAsync(tenant);
        Console.WriteLine(simulator.Endpoint);
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine($"{simulator.Requests.HttpCalls} {simulator.Requests.ResourceUnits}");
            simulator.Requests.Clear();
        }

        return 0;
    }

    public static async Task<SimulatorProcess> StartAsync(int grants)
    {
        var resources = Path.GetTempFileName();
        var process = Child.Start(["serve", grants.ToString(), resources]);
        var endpoint = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the simulator did not start");
        return new SimulatorProcess(process, new Uri(endpoint), resources);
    }

    public async Task<(long Calls, long Units)> CountsAsync()
    {
        await _process.StandardInput.WriteLineAsync("counts");
        var counts = (await _process.StandardOutput.ReadLineAsync())!.Split(' ');
        return (long.Parse(counts[0]), long.Parse(counts[1]));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(Resources);
    }
}
