using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance explain APP</c>: why an app is judged as it is, with the evidence.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var format = Settings.Format("text", "json");
        var name = new Argument<string>("app") { Description = "Service principal id, application id, or display name", HelpName = "APP" };
        var command = new Command("explain", "Says why an app is judged as it is") { name, data, tenant, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var app = Find(kept, parsed.GetRequiredValue(name));
            if (parsed.GetValue(format) == "json")
            {
                terminal.Document(stream => ScanDocument.WriteApps(stream, [app], store.Since));
                return ExitCode.Done;
            }

            Write(terminal, app, kept, store.Since!);
            await WriteChangesAsync(terminal, app, kept, store.Scans, cancellationToken).ConfigureAwait(false);
            foreach (var finding in kept.Findings.Where(finding => finding.Subject == app.Id.ToString()))
            {
                await WriteAsync(terminal, finding, store, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The one app of the last scan that an id or a name means.</summary>
    public static AssessedApp Find(TenantState kept, string wanted)
    {
        var matches = Guid.TryParse(wanted, out var id)
            ? kept.Apps.Where(app => app.Id == id || app.App.Principal.AppId == id).ToArray()
            : kept.Apps.Where(app => string.Equals(app.App.Principal.Name.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase)).ToArray();
        return matches.Length switch
        {
            1 => matches[0],
            0 => throw CliException.Usage($"no app '{TenantText.Plain(wanted)}' in the last scan; 'governance apps --show all' lists them"),
            _ => throw Desk.Several(matches),
        };
    }

    private static void Write(Terminal terminal, AssessedApp app, TenantState kept, SinceScan since)
    {
        var ai = app.Classification.Ai;
        var to = terminal.Result;
        to.WriteLine(Plain(app.App.Principal.Name, 200));
        to.WriteLine($"  service principal {app.Id}, application {app.App.Principal.AppId?.ToString() ?? "none"}");
        to.WriteLine($"  publisher {(app.App.Principal.VerifiedPublisher is { } publisher ? Plain(publisher.Name) + " (verified)" : "not verified")}"
            + (app.Classification.FirstParty ? ", Microsoft's own app" : string.Empty) + (ai.Internal ? ", registered in this tenant" : string.Empty));
        to.WriteLine();
        to.WriteLine($"What it is: {ai.Verdict} with confidence {ai.Confidence.ToString("0.00", CultureInfo.InvariantCulture)}"
            + (ai.Product is { } product ? $", known as {product} by {ai.Vendor}" : string.Empty) + (ai.Category is { } category ? $" ({category})" : string.Empty));
        foreach (var signal in ai.Evidence)
        {
            to.WriteLine($"  {signal.Weight.ToString("+0.00;-0.00", CultureInfo.InvariantCulture)}  {signal.Kind}: '{Plain(signal.Value)}' matched {Plain(signal.Matched)}");
        }

        if (app.Classification.Lookalike is { } lookalike)
        {
            to.WriteLine($"Look-alike: imitates {Plain(lookalike.Imitates)} ({lookalike.Technique})");
            foreach (var sign in lookalike.Evidence)
            {
                to.WriteLine($"  {Plain(sign, 200)}");
            }
        }

        if (app.Classification.AbusedElsewhere is { } abused)
        {
            to.WriteLine($"Abused elsewhere: {Plain(abused, 300)}");
        }

        to.WriteLine();
        var now = since.Now(app).Standing;
        var unconfirmed = now.NotAssessed is { } fact ? $" (unconfirmed; could not be read: {fact})" : string.Empty;
        to.WriteLine($"Approval: {now.State} - {Plain(now.Reason, 300)}{unconfirmed} " + (since.AtScan(app) is { } before
            ? $"(since the last scan, where it was {before}; findings and figures follow with the next scan)"
            : $"(policy {kept.LastScan.PolicyVersion})"));
        to.WriteLine($"Risk: {app.Risk.Score} of 100, {app.Risk.Level} (weights {app.Risk.WeightsVersion})");
        foreach (var part in app.Risk.Contributions)
        {
            to.WriteLine($"  {part.Points.ToString("+0;-0;+0", CultureInfo.InvariantCulture),4}  {part.Factor}: {Plain(part.Reason, 200)}");
        }

        WriteReach(terminal, app);
        WritePermissions(terminal, app);
    }

    private static void WriteReach(Terminal terminal, AssessedApp app)
    {
        var reach = app.App.Reach;
        terminal.Result.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Reach: {reach.Users} people{(reach.TenantWide ? ", consent for everyone" : string.Empty)}{(reach.Certain ? string.Empty : ", at least: not everything was read")}"));
        foreach (var (department, people) in reach.ByDepartment.OrderByDescending(part => part.Value).Take(8))
        {
            terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {people,5}  {Plain(department)}"));
        }

        if (reach.Unattributed > 0)
        {
            terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {reach.Unattributed,5}  department unknown"));
        }
    }

    private static void WritePermissions(Terminal terminal, AssessedApp app)
    {
        terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Permissions: {app.Permissions.Length} in {app.App.Grants} delegated grants and {app.App.AppRoles} app role assignments"));
        foreach (var permission in app.Permissions.OrderByDescending(permission => permission.Rating.Severity).ThenBy(permission => permission.Held.Value, StringComparer.Ordinal))
        {
            terminal.Result.WriteLine($"  {permission.Rating.Severity.ToString().ToLowerInvariant(),-8}  {permission.Held.Kind.ToString().ToLowerInvariant(),-11}  {Plain(permission.Held.Value)} on {Plain(permission.Held.Resource)}: {Plain(permission.Rating.Reason, 200)}");
        }
    }

    private static async Task WriteChangesAsync(Terminal terminal, AssessedApp app, TenantState kept, IScanStore store, CancellationToken cancellationToken)
    {
        var own = kept.Findings.Where(finding => finding.Subject == app.Id.ToString()).ToDictionary(finding => finding.Id, StringComparer.Ordinal);
        var events = await store.EventsAsync(kept.LastScan.TenantId, kept.LastScan.Id, cancellationToken).ConfigureAwait(false);
        var changes = events.Where(change => own.ContainsKey(change.FindingId)).ToArray();
        await terminal.Result.WriteLineAsync(changes.Length == 0 ? "Last scan: nothing changed for this app" : "Last scan:").ConfigureAwait(false);
        foreach (var change in changes)
        {
            await terminal.Result.WriteLineAsync($"  {change.Change} {own[change.FindingId].Rule}: {Plain(change.Detail, 200)}").ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(Terminal terminal, Finding finding, Kept store, CancellationToken cancellationToken)
    {
        await terminal.Result.WriteLineAsync().ConfigureAwait(false);
        await terminal.Result.WriteLineAsync($"Finding {finding.Id}: {finding.Rule}, {finding.Severity.ToString().ToLowerInvariant()}, {finding.State.ToString().ToLowerInvariant()}{(finding.Unconfirmed ? " (unconfirmed)" : string.Empty)}").ConfigureAwait(false);
        await terminal.Result.WriteLineAsync($"  {Plain(finding.Title, 200)}").ConfigureAwait(false);
        if (finding.Live)
        {
            await terminal.Result.WriteLineAsync($"  To do: {Language.Of("en").Text($"todo.{finding.Rule}")}").ConfigureAwait(false);
        }

        foreach (var item in finding.Evidence)
        {
            await terminal.Result.WriteLineAsync($"  {item.Name}: {Plain(item.Value, 200)}").ConfigureAwait(false);
        }

        var history = await store.Scans.HistoryAsync(finding.TenantId, finding.Id, cancellationToken).ConfigureAwait(false);
        foreach (var change in history.Concat(store.Since!.Events.Where(change => change.FindingId == finding.Id)))
        {
            await terminal.Result.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {change.At:yyyy-MM-dd HH:mm}  {change.Change}: {Plain(change.Detail, 200)}{(change.ScanId.Length == 0 ? " (since the last scan)" : string.Empty)}")).ConfigureAwait(false);
        }
    }

    private static string Plain(string text, int limit = 120) => TenantText.Plain(text, limit);
}
