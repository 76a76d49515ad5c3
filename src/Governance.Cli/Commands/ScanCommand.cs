using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Risk;
using Governance.Core.Scans;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance scan</c>: reads a tenant, judges it, keeps it, tells what was found.</summary>
internal static class ScanCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var source = new SourceOptions();
        var data = Settings.Data();
        var policy = Settings.Policy();
        var catalogue = Settings.Catalogue();
        var format = Settings.Format("table", "json");
        var failOn = Levels.Option("--fail-on", "End with code 1 when a finding of this severity or worse is open");
        var command = new Command("scan", "Scans a tenant, or exported Graph pages with --from") { data, policy, catalogue, format, failOn };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Read beside the rest: it takes as long as everything else that comes before the first request.
            var products = Task.Run(() => Settings.ReadCatalogue(parsed.GetValue(catalogue)), cancellationToken);
            var (rules, text) = parsed.GetValue(policy) is { } file ? Settings.ReadPolicy(file, await products.ConfigureAwait(false)) : Settings.NoPolicy;
            Kept.CheckRoom(parsed.GetValue(data)!);
            var store = Kept.Open(parsed.GetValue(data)!);
            await using var _ = store.ConfigureAwait(false);
            using var reading = source.Open(parsed, terminal, time, store.Scans, store.Checkpoints, rules.TrainingGroupId);
            var progress = new ScanProgress(terminal, time);
            var json = parsed.GetValue(format) == "json";
            ScanReport report;
            try
            {
                report = await RunAsync(reading.Source, store.Scans, Request(await LearnedCatalogue.ReadAsync(await products.ConfigureAwait(false), store, cancellationToken).ConfigureAwait(false), rules, text, reading.TenantId) with { KeepsRecords = json }, time, progress, cancellationToken, store.Ledger).ConfigureAwait(false);
            }
            finally
            {
                progress.End();
            }

            if (report.DecisionsLeftOut is { } leftOut)
            {
                terminal.Note($"governance: recorded decisions were left out: {leftOut}");
            }

            foreach (var note in report.Notes)
            {
                terminal.Note($"governance: {note}");
            }

            if (json)
            {
                terminal.Document(stream => ScanDocument.Write(stream, report, report.Records!.Read()));
            }
            else
            {
                Show(terminal, report, rules);
            }

            return End(terminal, report, Levels.Of(parsed.GetValue(failOn)));
        });
        return command;
    }

    public static ScanRequest Request(LearnedCatalogue catalogue, GovernancePolicy policy, string policyText, Guid? tenantId) => new(
        policy,
        policyText,
        inventory => new AppClassifier(catalogue.For(inventory.Organization.TenantId), inventory.Organization.TenantId, inventory.ReadAt).Classify,
        catalogue.Version,
        tenantId);

    public static Task<ScanReport> RunAsync(
        IConsentSource source, IScanStore store, ScanRequest request, TimeProvider time, IProgress<ReadProgress> progress, CancellationToken cancellationToken, IDecisionLedger? ledger = null) =>
        new ScanTenant(source, store, time, () => RandomNumberGenerator.GetHexString(6, lowercase: true), ledger).RunAsync(request, progress, cancellationToken);

    /// <summary>The result as a person reads it: what was read, the heaviest apps, the figures.</summary>
    public static void Show(Terminal terminal, ScanReport report, GovernancePolicy policy)
    {
        var scan = report.Scan;
        terminal.Console.MarkupLineInterpolated($"[bold]{Core.TenantText.Plain(scan.TenantName)}[/] ({scan.TenantId}), {scan.Mode.ToString().ToLowerInvariant()} scan {scan.Id}: {scan.Status.ToString().ToLowerInvariant()}, {scan.Requests.Total} requests");
        foreach (var part in scan.Parts.Where(part => part.Status is not (PartStatus.Complete or PartStatus.Skipped)))
        {
            terminal.Console.MarkupLineInterpolated($"[yellow]! {PartNames.Of(part.Part)} {part.Status.ToString().ToLowerInvariant()}: {part.Reason ?? string.Empty}[/]");
        }

        const int shown = 15;
        var heaviest = report.Notable
            .Where(app => app.App.HoldsConsent)
            .OrderByDescending(app => app.Risk.Score).ThenBy(app => app.Id).ToArray();
        terminal.Console.Write(AppsCommand.Table(heaviest.Take(shown)));
        if (heaviest.Length > shown)
        {
            terminal.Console.WriteLine($"... and {heaviest.Length - shown} more: governance apps");
        }

        terminal.Console.Write(KpisCommand.Table(report.Kpis.Where(kpi => kpi.Value is not null), new DigestWords(Language.Of("en"), policy)));
        var live = report.Findings.Where(Live).ToArray();
        terminal.Console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{live.Length} findings open, {live.Count(finding => finding.Severity == Severity.Critical)} critical; {report.Events.Count(change => change.Change is "opened" or "reopened")} new, {report.Events.Count(change => change.Change == "resolved")} resolved in this scan.");
    }

    private static int End(Terminal terminal, ScanReport report, Severity? failOn)
    {
        if (failOn is { } level && report.Findings.Count(finding => Live(finding) && finding.Severity >= level) is var heavy and > 0)
        {
            terminal.Note($"governance: {heavy} findings of level {level.ToString().ToLowerInvariant()} or worse are open");
            return ExitCode.FailOnReached;
        }

        if (report.Scan.Status == ScanStatus.Complete)
        {
            return ExitCode.Done;
        }

        var missing = report.Scan.Parts.Where(part => part.Status is PartStatus.Partial or PartStatus.Unavailable).Select(part => $"{PartNames.Of(part.Part)} ({part.Reason})");
        terminal.Note($"governance: the scan is incomplete: {string.Join("; ", missing)}");
        return ExitCode.Incomplete;
    }

    private static bool Live(Finding finding) => finding.State is FindingState.Open or FindingState.Acknowledged;
}
