using System.CommandLine;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.Microsoft365.Graph;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance doctor</c>: says what is configured, reachable and permitted, and what each missing right costs.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var source = new SourceOptions();
        var data = Settings.Data();
        var policy = Settings.Policy();
        var catalogue = Settings.Catalogue();
        var format = Settings.Format("table", "json");
        var command = new Command("doctor", "Says what is configured, reachable and permitted: a missing right, a missing licence and an empty list are told apart")
        {
            data, policy, catalogue, format,
        };
        source.AddConnectionTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (rules, _) = Settings.ReadPolicy(parsed.GetValue(policy), Settings.ReadCatalogue(parsed.GetValue(catalogue)));
            var store = await StoreAsync(parsed.GetValue(data)!, cancellationToken).ConfigureAwait(false);
            var (probe, closing) = source.Probe(parsed, terminal, time, rules.TrainingGroupId);
            ProbeReport? report = null;
            Exception? unreachable = null;
            using (closing)
            {
                try
                {
                    report = await probe.RunAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception fault) when (fault is TenantAccessDeniedException or SourceUnreachableException)
                {
                    unreachable = fault;
                }
            }

            if (parsed.GetValue(format) == "json")
            {
                terminal.Document(stream => Write(stream, report, unreachable, store));
            }
            else
            {
                Show(terminal, report, unreachable, store);
            }

            return unreachable is TenantAccessDeniedException ? ExitCode.AccessRefused
                : unreachable is not null || !store.Sound ? ExitCode.Failed
                : report!.Results.Any(result => result.Needed && result.Outcome == ProbeOutcome.MissingRight) ? ExitCode.AccessRefused
                : report.Results.Any(result => result.Needed && result.Outcome is not (ProbeOutcome.Answers or ProbeOutcome.Empty)) ? ExitCode.Incomplete
                : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Looks through the store without making one.</summary>
    private static async Task<(bool Sound, string Says)> StoreAsync(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        var database = new SqliteDatabase(new SqliteOptions { Folder = folder.FullName });
        await using var _ = database.ConfigureAwait(false);
        if (!File.Exists(database.Path))
        {
            return (true, $"{folder.FullName} keeps no scan yet");
        }

        try
        {
            var problems = await database.CheckAsync(cancellationToken).ConfigureAwait(false);
            return problems.IsEmpty ? (true, $"{database.Path} is sound") : (false, $"{database.Path} is damaged: {string.Join("; ", problems)}");
        }
        catch (StoreUnavailableException fault)
        {
            return (false, fault.Message);
        }
    }

    private static void Show(Terminal terminal, ProbeReport? report, Exception? unreachable, (bool Sound, string Says) store)
    {
        terminal.Console.MarkupLineInterpolated($"Store: {store.Says}");
        if (report is null)
        {
            terminal.Console.MarkupLineInterpolated($"[red]Graph: {unreachable!.Message}[/]");
            return;
        }

        terminal.Console.MarkupLineInterpolated($"Graph: answers{(report.Tenant is { } tenant ? $" for tenant {tenant}" : ", the token does not say for which tenant")}");
        terminal.Console.MarkupLineInterpolated($"Token: {(report.Held is { } held ? $"holds {string.Join(", ", held)}" : "states no application permissions; each endpoint was asked instead")}");
        if (!report.Excess.IsEmpty)
        {
            terminal.Console.MarkupLineInterpolated($"[yellow]More than reading needs: {string.Join(", ", report.Excess)}[/]");
        }

        var table = new Table().AddColumns("endpoint", "answers", "least right", "without it");
        foreach (var result in report.Results)
        {
            var answer = Words(result);
            table.AddRow(
                Markup.Escape(result.Needed ? result.Name : $"{result.Name} (optional)"),
                result.Outcome is ProbeOutcome.Answers or ProbeOutcome.Empty ? answer : $"[{(result.Needed ? "red" : "yellow")}]{Markup.Escape(answer)}[/]",
                Markup.Escape(result.Right),
                Markup.Escape(result.WithoutIt));
        }

        terminal.Console.Write(table);
    }

    private static string Words(ProbeResult result) => result.Outcome switch
    {
        ProbeOutcome.Answers => "yes",
        ProbeOutcome.Empty => "yes, and is empty",
        ProbeOutcome.MissingRight => "no: right missing",
        ProbeOutcome.MissingLicence => "no: licence missing",
        ProbeOutcome.NotOffered => "no: not offered here",
        _ => $"no: {result.Reason}",
    };

    private static void Write(Stream stream, ProbeReport? report, Exception? unreachable, (bool Sound, string Says) store)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("store");
        json.WriteBoolean("sound", store.Sound);
        json.WriteString("says", store.Says);
        json.WriteEndObject();
        json.WriteStartObject("graph");
        json.WriteBoolean("reachable", report is not null);
        json.WriteString("problem", unreachable?.Message);
        json.WriteString("tenantId", report?.Tenant?.ToString());
        json.WriteEndObject();
        json.WriteStartArray("rights");
        foreach (var right in report?.Held ?? [])
        {
            json.WriteStringValue(right);
        }

        json.WriteEndArray();
        json.WriteStartArray("moreThanNeeded");
        foreach (var right in report?.Excess ?? [])
        {
            json.WriteStringValue(right);
        }

        json.WriteEndArray();
        json.WriteStartArray("endpoints");
        foreach (var result in report?.Results ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", result.Name);
            json.WriteString("outcome", ContractNames.Of(result.Outcome));
            json.WriteBoolean("needed", result.Needed);
            json.WriteString("right", result.Right);
            json.WriteString("withoutIt", result.WithoutIt);
            json.WriteString("reason", result.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
