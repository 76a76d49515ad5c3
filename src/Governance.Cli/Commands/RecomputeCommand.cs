using System.CommandLine;
using System.Globalization;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Cli.Commands;

/// <summary><c>governance kpis recompute</c>: whether the stored figures follow from the stored facts.</summary>
internal static class RecomputeCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var catalogue = Settings.Catalogue();
        var command = new Command("recompute", "Judges the stored inventories anew and compares the figures; code 5 when one differs, 3 when an erasure may be why") { data, tenant, catalogue };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (state, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var products = Settings.ReadCatalogue(parsed.GetValue(catalogue));
            var learned = await LearnedCatalogue.ReadAsync(products, store, cancellationToken).ConfigureAwait(false);
            var policy = Kept.PolicyOf(state);
            var recompute = new RecomputeKpis(store.Scans, ScanCommand.Request(learned, policy, state.PolicyText, null).Classify, store.Ledger);
            var result = await recompute.RunAsync(state, policy, learned.Version, cancellationToken).ConfigureAwait(false)
                ?? throw new CliException(ExitCode.Incomplete, "the inventory of the last scan is not kept any more, so there is nothing to compute from");
            if (!result.SameCatalogue)
            {
                terminal.Note($"governance: the last scan used catalogue {state.LastScan.CatalogueVersion}, this is {learned.Version}; differences may come from that");
            }

            foreach (var difference in result.Differences)
            {
                terminal.Result.WriteLine($"{difference.ScanId} {difference.Kpi}: stored {Shown(difference.Stored)}, recomputed {Shown(difference.Recomputed)}");
            }

            terminal.Result.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Scans.Length} scans computed anew{(result.FromTheStart ? " from the first inventory on" : ", upon the state the last one left")}: {(result.Differences.IsEmpty ? "every figure is the same" : $"{result.Differences.Length} figures differ")}"));
            if (result is { Erased: true, Differences.IsEmpty: false })
            {
                terminal.Note("governance: a person was erased from the inventories since: what counts people stands as an aggregate only and cannot be recomputed");
                return ExitCode.Incomplete;
            }

            return result.Differences.IsEmpty ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string Shown(KpiValue? value) => value is null
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{value.Value?.ToString(CultureInfo.InvariantCulture) ?? "not available"} (sample {value.SampleSize}{(value.Complete ? string.Empty : ", incomplete")}{(value.Note is null ? string.Empty : $", {value.Note}")})");
}
