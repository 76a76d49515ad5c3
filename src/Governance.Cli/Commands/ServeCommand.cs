using System.CommandLine;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Cli.Serving;
using Governance.Core.Catalogue;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.Embedded.InProcess;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
            Judging Judge()
            {
                var products = Settings.ReadCatalogue(parsed.GetValue(catalogue));
                var (rules, text) = Settings.ReadPolicy(parsed.GetValue(policy), products);
                return new Judging(products, rules, text);
            }

            // Everything that can be wrong with the command line is said before anything is opened.
            var tenant = source.Tenant(parsed) ?? throw CliException.Usage("serve needs --tenant: the tenant to scan");
            source.Check(parsed, terminal, time);
            var setup = new ServerSetup(
                parsed.GetValue(data)!, serve.Listen(parsed), serve.Entra.Read(parsed), new ApiOptions(), serve.JsonLog(parsed),
                services => new ServedTenant(
                    tenant,
                    mode => source.Open(parsed, terminal, time, services.GetRequiredService<IScanStore>(), mode, services.GetRequiredService<IScanCheckpoints>()),
                    Judge,
                    services.GetRequiredService<ILearnedApps>(),
                    services.GetRequiredService<ILogger<ServedTenant>>()),
                Schedules(serve, parsed, tenant))
            {
                Writers = serve.Writer.Read(parsed, source.Endpoint(parsed), source.TokenVariable(parsed), time),
            };
            Judge();
            var otlp = serve.Otlp(parsed);
            using var telemetry = otlp is null ? null : new ServeTelemetry(otlp);
            var server = await Server.OpenAsync(setup, time, cancellationToken).ConfigureAwait(false);
            await using var _ = server.ConfigureAwait(false);
            await ShowTokenAsync(terminal, server, serve.NewToken(parsed), serve.TokenFile(parsed), cancellationToken).ConfigureAwait(false);
            await server.RunAsync(address => terminal.Note($"governance: serving {address}api for tenant {tenant}; stop with Ctrl+C"), cancellationToken).ConfigureAwait(false);
            terminal.Note("governance: stopped");
            return ExitCode.Done;
        });
        return command;
    }

    private static Func<RequestScan, IReadOnlyCollection<Schedule>> Schedules(ServeOptions serve, ParseResult parsed, Guid tenant)
    {
        var zone = serve.Zone(parsed);
        var planned = new[] { ("full", serve.FullScan(parsed), ScanMode.Full), ("nightly", serve.NightlyScan(parsed), ScanMode.Incremental) };
        return requests =>
        [
            .. planned.Where(plan => plan.Item2 is not null).Select(plan => new Schedule(
                plan.Item1, plan.Item2!, zone, (occurrence, cancellationToken) => requests.AskAsync(plan.Item1, occurrence, tenant, plan.Item3, cancellationToken))),
        ];
    }

    private static async Task ShowTokenAsync(Terminal terminal, Server server, bool replace, FileInfo? file, CancellationToken cancellationToken)
    {
        var roles = RoleNames.Of(ApiRoles.All);
        var token = replace
            ? await server.Tokens.ReplaceAsync(TokenName, roles, cancellationToken).ConfigureAwait(false)
            : await server.Tokens.MakeFirstAsync(TokenName, roles, cancellationToken).ConfigureAwait(false);
        if (token is null)
        {
            return;
        }

        if (file is not null)
        {
            await WriteAsync(file, token, cancellationToken).ConfigureAwait(false);
            terminal.Note($"governance: wrote the token for the API to {file.FullName}");
            return;
        }

        await terminal.Result.WriteLineAsync($"Token for the API, shown this once: {token}").ConfigureAwait(false);
        await terminal.Result.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(FileInfo file, string token, CancellationToken cancellationToken)
    {
        try
        {
            file.Delete();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var writer = new StreamWriter(file.FullName, options);
            await using var _ = writer.ConfigureAwait(false);
            await writer.WriteAsync(token.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"--token-file: cannot write {file.FullName}: {error.Message}");
        }
    }
}
