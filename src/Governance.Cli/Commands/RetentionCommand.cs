using System.CommandLine;
using System.Globalization;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance retention</c>: removes what is older than the policy keeps; only counts unless told otherwise.</summary>
internal static class RetentionCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var policy = Settings.Policy();
        var apply = new Option<bool>("--apply") { Description = "Really remove; without it only count" };
        var command = new Command("retention", "Removes what is older than the policy keeps, by kind of record") { policy, apply };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var rules = parsed.GetValue(policy) is { } file ? Settings.ReadPolicy(file, Core.Catalogue.ProductCatalogue.Embedded).Policy : open.Policy;
            var counts = await new ApplyRetention(open.Kept.Ledger, open.Kept.Persons, open.Kept.Records, time)
                .RunAsync(open.Tenant, rules.Retention, open.Person, !parsed.GetValue(apply), cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(parsed.GetValue(apply) ? "removed" : "would remove")}: {counts.Inventories} inventories, {counts.Findings} resolved findings, {counts.Kpis} scans' figures, {counts.Texts} texts beside ledger entries, {counts.Names} names, {counts.Runs} records of who asked for scans"));
            return ExitCode.Done;
        });
        return command;
    }
}
