using System.CommandLine;
using Governance.Api.Exports;
using Governance.Api.Report;
using Governance.Cli.Demo;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Teams;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.Cli.Commands;

/// <summary><c>governance demo</c>: the whole job on a made-up organisation, over HTTP and through the same code as a real scan.</summary>
internal static class DemoCommand
{
    private const int Seed = 20260105;

    /// <summary>Hour of the night, UTC, at which the made-up scans start.</summary>
    private const int Hour = 2;

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "Folder to write to; an earlier demo in it is replaced",
            HelpName = "DIR",
            DefaultValueFactory = _ => new DirectoryInfo("governance-demo"),
        };
        var command = new Command("demo", "Runs the whole job on a made-up marketing organisation; needs no credentials") { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = Prepare(parsed.GetValue(output)!);
            var clock = new NightClock(time);
            var start = FirstNight(time);
            var last = start.AddDays(7 * (MarketingOrganisation.Nights - 1));
            var firstNight = MarketingOrganisation.Create(Seed, 0, start);
            var ownAssistant = firstNight.ServicePrincipals.First(app => app.DisplayName == "Brightwave GPT (internal)").AppId!.Value;
            var policyText = DemoPolicy.Text(DateOnly.FromDateTime(last.UtcDateTime), ownAssistant);
            await File.WriteAllTextAsync(Path.Combine(folder, "governance.yaml"), policyText, cancellationToken).ConfigureAwait(false);
            var (policy, _) = Settings.ReadPolicy(new FileInfo(Path.Combine(folder, "governance.yaml")), ProductCatalogue.Embedded);
            var store = Kept.Open(new DirectoryInfo(Path.Combine(folder, "data")));
            await using var _ = store.ConfigureAwait(false);
            var report = await ScanNightsAsync(terminal, clock, firstNight, start, store.Scans, policy, policyText, cancellationToken).ConfigureAwait(false);
            await WriteAsync(folder, store, report.Scan.TenantId, policy, cancellationToken).ConfigureAwait(false);

            ScanCommand.Show(terminal, report, policy);
            terminal.Result.WriteLine();
            terminal.Result.WriteLine($"Open {Path.Combine(folder, "report.en.html")} in a browser.");
            terminal.Result.WriteLine($"Beside it: the report and the Teams cards in {string.Join(", ", Language.Tags)}; findings as CSV and JSON; the policy; the data.");
            terminal.Result.WriteLine($"Look further: governance explain \"Otter.ai\" --data {Path.Combine(folder, "data")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<ScanReport> ScanNightsAsync(
        Terminal terminal, NightClock clock, SimulatedTenant firstNight, DateTimeOffset start, IScanStore store, GovernancePolicy policy, string policyText, CancellationToken cancellationToken)
    {
        await using var simulator = await GraphSimulator.StartAsync(firstNight, new SimulatorOptions { TimeProvider = clock }, cancellationToken).ConfigureAwait(false);
        terminal.Note($"demo: {simulator.Tenant.DisplayName} is served at {simulator.Endpoint}");
        var request = ScanCommand.Request(LearnedCatalogue.Of(ProductCatalogue.Embedded), policy, policyText, simulator.Tenant.TenantId);
        var options = new GraphOptions { Endpoint = simulator.Endpoint };
        foreach (var part in new[] { InventoryPart.ConsentEvents, InventoryPart.ConsentRequests, InventoryPart.SignInActivity, InventoryPart.AgentIdentities })
        {
            options.OptionalParts.Add(part);
        }

        ScanReport? report = null;
        for (var night = 0; night < MarketingOrganisation.Nights; night++)
        {
            if (night > 0)
            {
                simulator.Tenant.MoveTo(MarketingOrganisation.Create(Seed, night, start));
            }

            clock.Set(simulator.Tenant.AsOf);
            using var reading = SourceOptions.Graph(options, new FixedToken("demo"), clock, simulator.Tenant.TenantId);
            report = await ScanCommand.RunAsync(reading.Source, store, request, clock, NoProgress.Instance, cancellationToken).ConfigureAwait(false);
            terminal.Note($"demo: {report.Scan.StartedAt:yyyy-MM-dd}: {report.Scan.Parts.Sum(part => part.Items):#,##0} items in {report.Scan.Requests.Total} requests; "
                + $"{report.Events.Count(change => change.Change is "opened")} findings opened, {report.Events.Count(change => change.Change == "reopened")} reopened, {report.Events.Count(change => change.Change == "resolved")} resolved");
        }

        return report!;
    }

    /// <summary>The first of the made-up scans, so that the last one was last night.</summary>
    private static DateTimeOffset FirstNight(TimeProvider time)
    {
        var today = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddHours(Hour);
        var last = today <= time.GetUtcNow() ? today : today.AddDays(-1);
        return last.AddDays(-7 * (MarketingOrganisation.Nights - 1));
    }

    private static async Task WriteAsync(string folder, Kept store, Guid tenant, GovernancePolicy policy, CancellationToken cancellationToken)
    {
        var state = await store.Scans.StateAsync(tenant, cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("the demo kept no scan");
        var facts = await StoredFacts.ReadPeriodAsync(state, policy, store.Scans, ReportingPeriod.Week, cancellationToken).ConfigureAwait(false);
        foreach (var tag in Language.Tags)
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                foreach (var (at, card) in DigestCard.Bodies(DigestComposer.Compose(facts.Digest, audience, tag), new CardOptions()).Index())
                {
                    var part = at == 0 ? string.Empty : $".{at + 1}";
                    await File.WriteAllBytesAsync(Path.Combine(folder, $"card.{audience.ToString().ToLowerInvariant()}.{tag}{part}.json"), card, cancellationToken).ConfigureAwait(false);
                }
            }

            await ToFileAsync(folder, $"report.{tag}.html", stream => ReportPage.WriteAsync(stream, facts, tag, cancellationToken)).ConfigureAwait(false);
        }

        await ToFileAsync(folder, "findings.csv", stream => Exporter.WriteAsync(ExportFormat.Csv, ExportWhat.Findings, facts, stream, cancellationToken)).ConfigureAwait(false);
        await ToFileAsync(folder, "findings.json", stream => Exporter.WriteAsync(ExportFormat.Json, ExportWhat.Findings, facts, stream, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task ToFileAsync(string folder, string name, Func<Stream, Task> write)
    {
        var file = File.Create(Path.Combine(folder, name));
        await using var _ = file.ConfigureAwait(false);
        await write(file).ConfigureAwait(false);
    }

    /// <summary>Empties what an earlier demo left; a folder with anything else in it is not touched.</summary>
    private static string Prepare(DirectoryInfo folder)
    {
        var marker = Path.Combine(folder.FullName, "governance.yaml");
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any() && !File.Exists(marker))
        {
            throw CliException.Usage($"{folder.FullName} holds other files; name an empty folder with --out");
        }

        var data = Path.Combine(folder.FullName, "data");
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        folder.Create();
        return folder.FullName;
    }
}
