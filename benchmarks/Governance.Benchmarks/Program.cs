using Governance.Benchmarks;

return args switch
{
    ["serve", var grants, var resources, .. var behaviour] => await SimulatorProcess.ServeAsync(int.Parse(grants), resources, ServedBehaviour.Parse(behaviour)),
    ["client", var kind, var endpoint, var resources] => await ClientProcess.RunAsync(kind, new Uri(endpoint), resources),
    ["stages", var endpoint] => await Stages.RunAsync(new Uri(endpoint)),
    ["changes", var endpoint, .. var steps] => await ChangingClient.RunAsync(new Uri(endpoint), [.. steps.Select(int.Parse)]),
    _ => await Runner.RunAsync(args),
};
