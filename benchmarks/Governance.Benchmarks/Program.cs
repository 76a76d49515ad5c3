using Governance.Benchmarks;

return args switch
{
    ["serve", var grants, var resources] => await SimulatorProcess.ServeAsync(int.Parse(grants), resources),
    ["client", var kind, var endpoint, var resources] => await ClientProcess.RunAsync(kind, new Uri(endpoint), resources),
    ["stages", var endpoint] => await Stages.RunAsync(new Uri(endpoint)),
    _ => await Runner.RunAsync(args),
};
