using System.CommandLine;
using System.Text;
using Governance.Core;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.PolicyFile;

namespace Governance.Cli.Commands;

/// <summary><c>governance policy</c>: makes and checks <c>governance.yaml</c>.</summary>
internal static class PolicyCommand
{
    public static Command Create(Terminal terminal, TimeProvider time) => new("policy", "Makes and checks the policy file")
    {
        Init(terminal),
        Validate(terminal),
        PolicySimulateCommand.Create(terminal, time),
        Schema(terminal),
    };

    private static Command Init(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = "File to write", DefaultValueFactory = _ => new FileInfo("governance.yaml") };
        var command = new Command("init", "Writes a commented policy file to start from") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = parsed.GetValue(file)!;
            if (target.Exists)
            {
                throw CliException.Usage($"{target.FullName} is there already; it was left as it is");
            }

            await WriteAsync(target, PolicyYaml.Sample, cancellationToken).ConfigureAwait(false);

            // The first line of the sample names it: editors complete and check the file by it.
            var schema = new FileInfo(Path.Combine(target.DirectoryName!, "governance.schema.json"));
            await WriteAsync(schema, PolicyYaml.Schema, cancellationToken).ConfigureAwait(false);
            terminal.Note($"wrote {target.FullName} and {schema.FullName}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Task WriteAsync(FileInfo file, string text, CancellationToken cancellationToken) =>
        OutputFile.WriteAsync(file, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask());

    private static Command Schema(Terminal terminal)
    {
        var command = new Command("schema", "Prints the JSON schema of the policy file, by which editors complete and check it");
        command.SetAction(_ =>
        {
            terminal.Result.Write(PolicyYaml.Schema);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Validate(Terminal terminal)
    {
        var file = new Argument<FileInfo>("file") { Description = "File to check", DefaultValueFactory = _ => new FileInfo("governance.yaml") };
        var catalogue = Settings.Catalogue();
        var command = new Command("validate", "Names every problem of a policy file with line and column") { file, catalogue };
        command.SetAction(parsed =>
        {
            var target = parsed.GetValue(file)!;
            var known = Settings.ReadCatalogue(parsed.GetValue(catalogue));
            var text = Settings.ReadText(target);
            switch (Settings.Policies(text, known, PolicyYaml.ZonesOfThisMachine))
            {
                case Parsed<GovernancePolicy>.Bad bad:
                    foreach (var problem in bad.Problems)
                    {
                        terminal.Note($"{target.Name}: {problem}");
                    }

                    return ExitCode.Usage;
                case Parsed<GovernancePolicy>.Good { Value: var policy }:
                    foreach (var doubt in PolicyYaml.Doubts(text, PermissionTable.BuiltIn.Values))
                    {
                        terminal.Note($"{target.Name}: {doubt}");
                    }

                    terminal.Result.WriteLine($"{target.Name} is valid: {policy.Approved.Length} approved, {policy.Denied.Length} denied, {policy.UnderReview.Length} under review; version {policy.Version}");
                    break;
            }

            return ExitCode.Done;
        });
        return command;
    }
}
