using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Catalogue;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Embedded.Sqlite;
using Governance.Microsoft365.Graph;
using Governance.Microsoft365.Teams;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary>The parts of <c>governance digest</c> that need a channel: <c>post</c>, <c>alert</c>, <c>test</c> and <c>status</c>.</summary>
internal sealed class DigestPosting(Terminal terminal, TimeProvider time)
{
    private readonly Option<DirectoryInfo> _data = Settings.Data();
    private readonly Option<Guid?> _tenant = Settings.Tenant();
    private readonly Option<FileInfo?> _policy = new("--policy") { Description = "governance.yaml with the channels; default: the policy of the last scan", HelpName = "FILE" };
    private readonly Option<string?> _channel = new("--channel") { Description = "Name of a channel; default: all", HelpName = "NAME" };
    private readonly Option<bool> _again = new("--again") { Description = "Post again where the end of the last attempt is unknown; look into Teams first" };
    private readonly Option<bool> _loopback = new("--loopback") { Description = "Allow an http address of this machine, to try things out", Hidden = true };

    public static IEnumerable<Command> Create(Terminal terminal, TimeProvider time)
    {
        var posting = new DigestPosting(terminal, time);
        yield return posting.Command("post", "Posts this period's digest to the channels of the policy, once a period", posting.PostAsync, posting._again);
        yield return posting.Command("alert", "Tells channels with alerts of critical findings they were not told of yet", posting.AlertAsync);
        yield return posting.Command("test", "Posts a short test message, to see whether a channel works", posting.TestAsync);
        yield return posting.Status();
    }

    private Command Command(string name, string description, Func<ParseResult, Opened, DigestSetting, CancellationToken, Task<int>> act, params Option[] options)
    {
        var command = new Command(name, description) { _data, _tenant, _policy, _channel, _loopback };
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (state, kept) = await Kept.OpenAsync(parsed.GetValue(_data)!, parsed.GetValue(_tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = kept.ConfigureAwait(false);
            var policy = parsed.GetValue(_policy) is { } file ? Settings.ReadPolicy(file, ProductCatalogue.Embedded).Policy : Kept.PolicyOf(state);
            var loopback = parsed.GetValue(_loopback);
            using var http = WorkflowTransport.Client(proxy: loopback || HttpClient.DefaultProxy.GetProxy(new Uri("https://example.logic.azure.com/")) is not null);
            using var pace = new PostPace(time);
            var channels = new WorkflowChannels(
                http, Environment.GetEnvironmentVariable, () => CredentialToken.FromThisMachine(time), pace, time, NullLogger<WorkflowChannel>.Instance) { Loopback = loopback };
            var outbox = new SqliteDigestOutbox(kept.Database);
            var opened = new Opened(state, policy, channels, new SendDigest(kept.Scans, outbox, channels.Open, Zone, time, kept.Ledger));
            var worst = ExitCode.Done;
            foreach (var setting in Chosen(policy, state.LastScan.TenantId, parsed.GetValue(_channel)))
            {
                worst = Math.Max(worst, await OneAsync(() => act(parsed, opened, setting, cancellationToken)).ConfigureAwait(false));
            }

            return worst;
        });
        return command;
    }

    private async Task<int> PostAsync(ParseResult parsed, Opened opened, DigestSetting setting, CancellationToken cancellationToken)
    {
        var posted = await opened.Send.RunAsync(opened.State, opened.Policy, setting, parsed.GetValue(_again), cancellationToken).ConfigureAwait(false);
        var entry = posted.Entry;
        var period = $"{setting.Name}, {entry.Slot.Period}";
        terminal.Result.WriteLine(posted.Posted ? $"{period}: {Line(entry)}" : $"{period}: not posted again; it stands at {Line(entry)} since {entry.ChangedAt:yyyy-MM-dd HH:mm} UTC");
        if (entry.State == DigestState.Unknown)
        {
            terminal.Note($"governance: look into the channel; when the digest of {entry.Slot.Period} is not there, run this again with --again");
        }

        return Code(entry.State);
    }

    private async Task<int> AlertAsync(ParseResult parsed, Opened opened, DigestSetting setting, CancellationToken cancellationToken)
    {
        var told = await opened.Send.AlertAsync(opened.State, opened.Policy, setting, cancellationToken).ConfigureAwait(false);
        terminal.Result.WriteLine(
            !setting.Alerts ? $"{setting.Name}: alerts are off"
            : told.IsEmpty ? $"{setting.Name}: no critical finding that it was not told of"
            : string.Create(CultureInfo.InvariantCulture, $"{setting.Name}: {told.Length} critical findings: {Line(told[0])}"));
        return told.IsEmpty ? ExitCode.Done : Code(told[0].State);
    }

    private async Task<int> TestAsync(ParseResult parsed, Opened opened, DigestSetting setting, CancellationToken cancellationToken)
    {
        var scan = opened.State.LastScan;
        var language = Language.Of(setting.Language);
        var content = AlertComposer.Test(scan.TenantName, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), language);
        var outcome = await opened.Send.Open(opened.State, setting).PostAsync(content, cancellationToken).ConfigureAwait(false);
        terminal.Result.WriteLine($"{setting.Name}: {outcome.GetType().Name.ToLowerInvariant()}: {outcome.Detail}{Run(outcome.RunId)}");
        if (outcome is PostOutcome.Accepted)
        {
            terminal.Note("governance: accepted is not posted: look into the channel, and where nothing shows, into the run history of the workflow");
        }

        return outcome is PostOutcome.Accepted or PostOutcome.Delivered ? ExitCode.Done : ExitCode.Failed;
    }

    private Command Status()
    {
        var command = new Command("status", "Lists what was posted, and what became of it as far as is known") { _data, _tenant };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            const int Most = 50;
            const int LookedThrough = 1000;
            var (state, kept) = await Kept.OpenAsync(parsed.GetValue(_data)!, parsed.GetValue(_tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = kept.ConfigureAwait(false);
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Channel", "For", "Period", "State", "Since (UTC)", "Detail");
            // The latest, and of older ones those that a person may have to look after.
            var entries = await new SqliteDigestOutbox(kept.Database).ListAsync(state.LastScan.TenantId, LookedThrough, cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries.Where((entry, at) => at < Most || entry.State is DigestState.Unknown or DigestState.Failed))
            {
                table.AddRow(
                    Terminal.Safe(entry.Slot.Channel), entry.Slot.Audience.ToString().ToLowerInvariant(), Terminal.Safe(entry.Slot.Period, 90), Word(entry.State),
                    entry.ChangedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Terminal.Safe(entry.Detail + Run(entry.RunId), 200));
            }

            terminal.Console.Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A channel that cannot be used does not keep the others from theirs.</summary>
    private async Task<int> OneAsync(Func<Task<int>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (ArgumentException problem)
        {
            terminal.Note($"governance: {problem.Message}");
            return ExitCode.Usage;
        }
        catch (TenantAccessDeniedException refused)
        {
            terminal.Note($"governance: {refused.Message}");
            return ExitCode.AccessRefused;
        }
    }

    /// <summary>A channel that is named is taken even when it is another tenant's, so that whoever named it is told.</summary>
    private static DigestSetting[] Chosen(GovernancePolicy policy, Guid tenant, string? name)
    {
        var chosen = policy.Digests.Where(setting => name is null ? setting.Serves(tenant) : string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return chosen.Length > 0 ? chosen
            : throw CliException.Usage(name is null
                ? "the policy names no channel; add one under 'digests:' and scan again, or give the file with --policy"
                : $"the policy has no channel '{TenantText.Plain(name)}'; it has {(policy.Digests.IsEmpty ? "none" : string.Join(", ", policy.Digests.Select(setting => setting.Name)))}");
    }

    private static TimeZoneInfo Zone(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception unknown) when (unknown is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new ArgumentException($"this machine knows no time zone '{TenantText.Plain(name)}'");
        }
    }

    private static int Code(DigestState state) => state switch
    {
        DigestState.Accepted or DigestState.Delivered => ExitCode.Done,
        DigestState.Failed => ExitCode.Failed,
        _ => ExitCode.Incomplete,
    };

    private static string Word(DigestState state) => state.ToString().ToLowerInvariant();

    private static string Line(DigestEntry entry) => $"{Word(entry.State)}: {entry.Detail}{Run(entry.RunId)}";

    private static string Run(string? id) => id is null ? string.Empty : $" (run {id})";

    /// <summary>What every posting command needs.</summary>
    private sealed record Opened(TenantState State, GovernancePolicy Policy, WorkflowChannels Channels, SendDigest Send);
}
