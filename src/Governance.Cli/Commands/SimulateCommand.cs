using System.CommandLine;
using System.CommandLine.Parsing;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Faults;
using Governance.Simulator.Tenants;

namespace Governance.Cli.Commands;

/// <summary><c>governance simulate</c>: serves a made-up tenant as a Graph endpoint on this machine until stopped.</summary>
internal static class SimulateCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var port = Number("--port", "Port on the loopback address; 0 picks a free one", 0, 0, 65535);
        var grants = new Option<int?>("--grants") { Description = "Serve a tenant of this size (100 to 1,000,000 delegated grants) instead of the marketing organisation", HelpName = "N" };
        grants.Validators.Add(result => Between(result, grants, 100, 1_000_000));
        var seed = Number("--seed", "The same seed gives the same tenant", 20260105, 0, int.MaxValue);
        var night = Number("--night", "State of the marketing organisation, 0 to 11", MarketingOrganisation.Nights - 1, 0, MarketingOrganisation.Nights - 1);
        var latency = Number("--latency", "Milliseconds each answer waits", 0, 0, 600_000);
        var quota = new Option<int?>("--quota") { Description = "Resource units per 10 seconds before answers are 429", HelpName = "N" };
        quota.Validators.Add(result => Between(result, quota, 1, int.MaxValue));
        var faults = new Option<string[]>("--fault") { Description = "What goes wrong, such as 429@oauth2PermissionGrants:2 (second page of the grants)", HelpName = "FAULT" };
        var command = new Command("simulate", "Serves a made-up tenant as a Graph endpoint on this machine") { port, grants, seed, night, latency, quota, faults };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tenant = parsed.GetValue(grants) is { } size
                ? ScaledTenant.Create(TenantSize.ForGrants(size), parsed.GetValue(seed))
                : MarketingOrganisation.Create(parsed.GetValue(seed), parsed.GetValue(night));
            var options = new SimulatorOptions
            {
                Port = parsed.GetValue(port),
                TimeProvider = time,
                LatencyPerRequest = TimeSpan.FromMilliseconds(parsed.GetValue(latency)),
                ResourceUnitsPerTenSeconds = parsed.GetValue(quota),
            };
            await using var simulator = await StartAsync(tenant, options, cancellationToken).ConfigureAwait(false);
            foreach (var text in parsed.GetValue(faults) ?? [])
            {
                simulator.Faults.Add(Read(text));
            }

            terminal.Result.WriteLine($"{tenant.DisplayName}, tenant {tenant.TenantId}: {tenant.ServicePrincipalCount:#,##0} service principals, {tenant.GrantCount:#,##0} grants, {tenant.AppRoleAssignmentCount:#,##0} app role assignments, {tenant.UserCount:#,##0} users");
            terminal.Result.WriteLine($"Graph endpoint: {simulator.Endpoint}");
            terminal.Result.WriteLine("Any bearer token is accepted. Stop with Ctrl+C.");
            await terminal.Result.FlushAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                terminal.Note("stopped");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<GraphSimulator> StartAsync(SimulatedTenant tenant, SimulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await GraphSimulator.StartAsync(tenant, options, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException problem)
        {
            throw CliException.Usage($"--port {options.Port}: {problem.Message}");
        }
    }

    private static Fault Read(string text)
    {
        try
        {
            return Fault.Parse(text);
        }
        catch (FormatException problem)
        {
            throw CliException.Usage($"--fault: {problem.Message}");
        }
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = $"{description} (default {usual})", HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result => Between(result, option, least, most));
        return option;
    }

    private static void Between<T>(OptionResult result, Option<T> option, int least, int most)
    {
        if (result.TryGet(option, out var value) && value is int number && (number < least || number > most))
        {
            result.AddError($"{option.Name}: {number} is not between {least} and {most}.");
        }
    }
}
