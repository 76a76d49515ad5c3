using System.CommandLine;
using Governance.Cli.Commands;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Cli;

/// <summary>The program: reads the command line, runs one command, turns whatever goes wrong into one line and a code.</summary>
internal sealed class CommandLine(Terminal terminal, TimeProvider time)
{
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            terminal.Note($"governance: {WrongCommandLine.Of(parsed)}");
            return ExitCode.Usage;
        }

        try
        {
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, Output = terminal.Result, Error = terminal.Notes,

                // Signals are heard by the program itself: who stopped it can then be told from a fault that looks alike.
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Note("governance: stopped; the unfinished work does not show");
            return ExitCode.Failed;
        }
        catch (Exception error)
        {
            terminal.Note($"governance: {Line(error)}");
            return Code(error);
        }
    }

    /// <summary>Every command with its options.</summary>
    public RootCommand Root() => new("Finds unapproved AI tools in Microsoft 365 tenants, judges them against your policy, and reports.")
    {
        DemoCommand.Create(terminal, time),
        ScanCommand.Create(terminal, time),
        ClassifyCommand.Create(terminal),
        FindingsCommand.Create(terminal),
        AppsCommand.Create(terminal, time),
        ExplainCommand.Create(terminal),
        KpisCommand.Create(terminal),
        DigestCommand.Create(terminal, time),
        ReportCommand.Create(terminal),
        ExportCommand.Create(terminal),
        PolicyCommand.Create(terminal, time),
        RequestCommand.Create(terminal, time),
        SignOffCommand.Create(terminal, time),
        ApproveCommand.Create(terminal, time),
        DenyCommand.Create(terminal, time),
        WithdrawCommand.Create(terminal, time),
        DecisionsCommand.Create(terminal, time),
        MuteCommand.CreateAcknowledge(terminal, time),
        MuteCommand.Create(terminal, time),
        MuteCommand.CreateUnmute(terminal, time),
        RevokeCommand.Create(terminal, time),
        AuditCommand.Create(terminal),
        EraseUserCommand.Create(terminal, time),
        ReidentifyCommand.Create(terminal, time),
        PrivacyCommand.Create(terminal, time),
        RetentionCommand.Create(terminal, time),
        CatalogueCommand.Create(terminal),
        ServeCommand.Create(terminal, time),
        QueueCommand.Create(terminal, time),
        HealthCommand.Create(terminal),
        SimulateCommand.Create(terminal, time),
        DoctorCommand.Create(terminal, time),
        AzureCommand.Create(terminal, time),
    };

    private static string Line(Exception error) => error is CliException ? error.Message : Line(error.Message);

    /// <summary>A message of a library, on one line.</summary>
    private static string Line(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static int Code(Exception error) => error switch
    {
        CliException ours => ours.ExitCode,
        TenantAccessDeniedException => ExitCode.AccessRefused,
        SourceFormatException or TenantMismatchException or ActRefusedException => ExitCode.Usage,
        _ => ExitCode.Failed,
    };
}
