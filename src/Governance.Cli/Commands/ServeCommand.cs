using System.CommandLine;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Cli.Serving;
using Governance.Core.Policy;
using Governance.Core.Catalogue;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.Embedded.InProcess;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Teams;
using Governance.PolicyFile;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Cli.Commands;

/// <summary><c>governance serve</c>: the HTTP API, the schedules and the queue in one process on this machine.</summary>
internal static class ServeCommand
{
    private const string TokenName = "admin";

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var source = new SourceOptions();
        var serve = new ServeOptions();
        var data = Settings.Data();
        var policy = Settings.Policy();
        var catalogue = Settings.Catalogue();
        var command = new Command("serve", "Serves the HTTP API and scans by schedule, on this machine alone") { data, policy, catalogue };
        source.AddTo(command);
        serve.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Everything that can be wrong with the command line is said before anything is opened.
            var tenants = serve.Tenants(parsed, source.Tenant(parsed), parsed.GetValue(policy), source.TokenVariable(parsed));
            foreach (var tenant in tenants)
            {
                source.Check(parsed, tenant, terminal, time);
                CheckChannels(Judge(parsed.GetValue(catalogue), tenant).Policy, time);
            }

            var writers = serve.Writer.Read(parsed, source.Endpoint(parsed), source.TokenVariable(parsed), time);
            if (writers is not null && tenants.Length > 1)
            {
                throw CliException.Usage("--writer-token-env and --writer-identity write in one tenant; revocations of several need a server each");
            }

            var setup = new ServerSetup(
                parsed.GetValue(data)!, serve.Listen(parsed, time), serve.Entra.Read(parsed), new ApiOptions(), serve.JsonLog(parsed),
                services => new ServedTenants(tenants.Select(tenant => new ServedTenant(
                    tenant.Id,
                    (mode, rules) => source.Open(
                        parsed, tenant, terminal, time, services.GetRequiredService<IScanStore>(), mode, services.GetRequiredService<IScanCheckpoints>(), rules.TrainingGroupId,
                        services.GetRequiredService<ILogger<GraphConsentSource>>()),
                    () => Judge(parsed.GetValue(catalogue), tenant),
                    services.GetRequiredService<ILearnedApps>(),
                    services.GetRequiredService<ILogger<ServedTenant>>()))),
                requests => [.. tenants.SelectMany(tenant => Schedules(requests, tenant, tenants.Length > 1))])
            {
                Writers = writers,
            };
            var otlp = serve.Otlp(parsed);
            using var telemetry = otlp is null ? null : new ServeTelemetry(otlp);
            var server = await Server.OpenAsync(setup, time, cancellationToken).ConfigureAwait(false);
            await using var _ = server.ConfigureAwait(false);
            await ShowTokenAsync(terminal, server, serve.NewToken(parsed), serve.TokenFile(parsed), cancellationToken).ConfigureAwait(false);
            await server.RunAsync(address => terminal.Note($"governance: serving {address}api for {(tenants.Length == 1 ? $"tenant {tenants[0].Id}" : $"{tenants.Length} tenants")}; stop with Ctrl+C"), cancellationToken).ConfigureAwait(false);
            terminal.Note("governance: stopped");
            return ExitCode.Done;
        });
        return command;
    }

    private static Judging Judge(FileInfo? catalogue, TenantSetting tenant)
    {
        var products = Settings.ReadCatalogue(catalogue);
        var (rules, text) = Settings.ReadPolicy(tenant.Policy, products, PolicyYaml.ZonesOfThisMachine);
        return new Judging(products, rules, text);
    }

    /// <exception cref="CliException">The address or the settings of a channel cannot be used.</exception>
    private static void CheckChannels(GovernancePolicy policy, TimeProvider time)
    {
        using var http = WorkflowTransport.Client(proxy: false);
        var channels = new WorkflowChannels(http, Environment.GetEnvironmentVariable, () => CredentialToken.FromThisMachine(time), new PostPace(time), time, NullLogger<WorkflowChannel>.Instance);
        foreach (var setting in policy.Digests)
        {
            try
            {
                channels.Open(setting);
            }
            catch (ArgumentException problem)
            {
                throw CliException.Usage($"digests: {problem.Message}");
            }
        }
    }

    /// <param name="several">True to put the tenant into the names, by which runs and marks are told apart.</param>
    private static IEnumerable<Schedule> Schedules(RequestScan requests, TenantSetting tenant, bool several)
    {
        foreach (var (name, when, mode) in new[] { ("full", tenant.Full, ScanMode.Full), ("nightly", tenant.Nightly, ScanMode.Incremental) })
        {
            if (when is not null)
            {
                var schedule = several ? $"{name}-{tenant.Id:N}" : name;
                yield return new Schedule(schedule, when, tenant.Zone, (occurrence, cancellationToken) => requests.AskAsync(schedule, occurrence, tenant.Id, mode, cancellationToken));
            }
        }
    }

    private static async Task ShowTokenAsync(Terminal terminal, Server server, bool replace, FileInfo? file, CancellationToken cancellationToken)
    {
        if (!replace && await server.Tokens.HasAsync(TokenName, cancellationToken).ConfigureAwait(false))
        {
            if (file is not null)
            {
                terminal.Note("governance: the token of an earlier start goes on; --new-token makes another");
            }

            return;
        }

        Task<string> Make() => server.Tokens.ReplaceAsync(TokenName, RoleNames.Of(ApiRoles.All), cancellationToken);
        if (file is not null)
        {
            await WriteAsync(file, Make, cancellationToken).ConfigureAwait(false);
            terminal.Note($"governance: wrote the token for the API to {file.FullName}");
            return;
        }

        await terminal.Result.WriteLineAsync($"Token for the API, shown this once: {await Make().ConfigureAwait(false)}").ConfigureAwait(false);
        await terminal.Result.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a token once there is a file that it can be written to: one that nobody saw could never be used.</summary>
    private static async Task WriteAsync(FileInfo file, Func<Task<string>> make, CancellationToken cancellationToken)
    {
        var half = new FileInfo(file.FullName + ".part");
        try
        {
            half.Delete();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            if (Directory.Exists(file.FullName))
            {
                throw new IOException("it is a folder");
            }

            var writer = new StreamWriter(half.FullName, options);
            await using (writer.ConfigureAwait(false))
            {
                await writer.WriteAsync((await make().ConfigureAwait(false)).AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            half.MoveTo(file.FullName, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"--token-file: cannot write {file.FullName}: {error.Message}");
        }
    }
}
