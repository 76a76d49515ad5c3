using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans.Revocations;

namespace Governance.Cli.Commands;

/// <summary><c>governance revoke plan|approve|decline|execute|undo</c>.</summary>
internal static class RevokeCommand
{
    public static Command Create(Terminal terminal, TimeProvider time) =>
        new("revoke", "Takes consents away: a plan, a second person's approval, execution, undo")
        {
            Plan(terminal, time),
            Approve(terminal, time),
            Decline(terminal, time),
            Execute(terminal, time),
            Undo(terminal, time),
        };

    private static Command Plan(Terminal terminal, TimeProvider time)
    {
        var app = new Argument<string>("app") { Description = "Service principal id, application id or display name", HelpName = "APP" };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var only = new Option<string[]>("--grant") { Description = "Only these grants or assignments, by Graph id; without it everything the app holds", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        var user = new Option<Guid?>("--user") { Description = "Only what was granted for this user, by object id", HelpName = "ID" };
        var command = new Command("plan", "Says exactly what would be taken away, and asks for approval") { app, reason, only, user };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = open.App(parsed.GetRequiredValue(app));
            var inventory = await open.Kept.Scans.InventoryAsync(open.Tenant, open.State.LastScan.Id, cancellationToken).ConfigureAwait(false)
                ?? throw CliException.Usage("the inventory of the last scan is not kept; scan again");
            var plan = RevocationPlan.Of(inventory, wanted.App, Only(inventory, wanted, parsed.GetValue(only), parsed.GetValue(user)));
            var record = await open.ActAsync(
                known => RevocationActs.Plan(known, open.Person, plan, plan.UsersOf(wanted.App.Reach), parsed.GetRequiredValue(reason), open.Policy, open.Now), cancellationToken).ConfigureAwait(false);
            var order = record.Orders["V" + record.Head.Count.ToString(CultureInfo.InvariantCulture)];
            Tell(terminal, order, wanted.App.Principal.Name, wanted.App.Grants + wanted.App.AppRoles, await LinesAsync(open, order.Plan!.Items, cancellationToken).ConfigureAwait(false));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Approve(Terminal terminal, TimeProvider time)
    {
        var id = Order();
        var fingerprint = new Option<string?>("--fingerprint") { Description = "Fingerprint of the plan that was looked at; without it the order's", HelpName = "HEX" };
        var command = new Command("approve", "Agrees to a plan; who planned it cannot") { id, fingerprint };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(id);
            var record = await open.ActAsync(
                known => RevocationActs.Approve(known, wanted, open.Person, parsed.GetValue(fingerprint) ?? known.Order(wanted).Fingerprint, open.Policy, open.Now), cancellationToken).ConfigureAwait(false);
            var order = record.Order(wanted);
            terminal.Result.WriteLine(order.State == OrderState.SignedOff
                ? $"{wanted}: signed off; try it with: governance revoke execute {wanted} --token-env VAR"
                : string.Create(CultureInfo.InvariantCulture, $"{wanted}: {order.Approvers.Length} of {order.Needed} approved"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Decline(Terminal terminal, TimeProvider time)
    {
        var id = Order();
        var command = new Command("decline", "Says no to an order that is under way") { id };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(id);
            await open.ActAsync(known => RevocationActs.Decline(known, wanted, open.Person, open.Now), cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine($"{wanted}: declined");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Execute(Terminal terminal, TimeProvider time) => Writing(
        terminal,
        time,
        "execute",
        "Carries out a signed-off order with the writer's own credential; a dry run unless told otherwise",
        "Really revoke; without it a dry run that only reads",
        (open, writer, order, dryRun, cancellationToken) =>
            new ExecuteRevocation(open.Kept.Ledger, writer, time).RunAsync(open.Tenant, order, open.Person, open.Policy, dryRun, cancellationToken));

    private static Command Undo(Terminal terminal, TimeProvider time) => Writing(
        terminal,
        time,
        "undo",
        "Puts back what an order took away: same scopes, principal and resource",
        "Really put back; without it a dry run that only reads",
        (open, writer, order, dryRun, cancellationToken) =>
            new UndoRevocation(open.Kept.Ledger, writer, time).RunAsync(open.Tenant, order, open.Person, dryRun, cancellationToken));

    /// <summary>A command that may change the tenant: with a credential of its own, and only when told to.</summary>
    private static Command Writing(
        Terminal terminal, TimeProvider time, string name, string description, string when, Func<Desk, IConsentWriter, string, bool, CancellationToken, Task<RevocationReport>> act)
    {
        var id = Order();
        var really = new Option<bool>("--execute") { Description = when };
        var command = new Command(name, description) { id, really };
        var writing = new WriterOptions().AddTo(command);
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            using var writer = writing.Open(parsed, open.Tenant, time);
            var report = await act(open, writer.Writer, parsed.GetRequiredValue(id), !parsed.GetValue(really), cancellationToken).ConfigureAwait(false);
            return Tell(terminal, report, await LinesAsync(open, report.Items.Select(item => item.Item), cancellationToken).ConfigureAwait(false));
        });
        return command;
    }

    private static Argument<string> Order() => new("order") { Description = "Order, such as V12", HelpName = "ORDER" };

    private static void Tell(Terminal terminal, RevocationOrder order, string name, int held, IReadOnlyList<string> lines)
    {
        var to = terminal.Result;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{order.Id}: revoke {order.Items} of the {held} consents of {TenantText.Plain(name)}; {order.Users} users lose access"));
        foreach (var line in lines)
        {
            to.WriteLine("  " + line);
        }

        to.WriteLine(held > order.Items
            ? string.Create(CultureInfo.InvariantCulture, $"  keeps working: {held - order.Items} other consents of the app; tokens already issued until they run out (about an hour)")
            : "  keeps working: signing in without any permission; tokens already issued until they run out (about an hour)");
        to.WriteLine($"  fingerprint {order.Fingerprint}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  needs {order.Needed} other person(s): governance revoke approve {order.Id}"));
    }

    private static int Tell(Terminal terminal, RevocationReport report, IReadOnlyList<string> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            terminal.Result.WriteLine($"{report.Items[at].Outcome,-13} {lines[at]}");
        }

        if (report.Stopped is { } why)
        {
            terminal.Note($"governance: {report.OrderId} stopped: {why}; what was done stays done, the order stays signed off");
            return report.AccessDenied ? ExitCode.AccessRefused : ExitCode.Failed;
        }

        terminal.Note(report.DryRun ? $"{report.OrderId}: dry run, nothing was changed; add --execute" : $"{report.OrderId}: done and read back");
        return ExitCode.Done;
    }

    private static string[] Only(Inventory inventory, AssessedApp app, string[]? grants, Guid? user)
    {
        if (user is not { } id)
        {
            return grants ?? [];
        }

        var rows = inventory.Grants.RowsOf(app.Id);
        var own = Enumerable.Range(rows.Start.Value, rows.End.Value - rows.Start.Value)
            .Select(row => inventory.Grants[row]).Where(grant => grant.PrincipalId == id).Select(grant => grant.Id).ToArray();
        return own.Length > 0 ? own : throw CliException.Usage("nothing was granted to the app for this user");
    }

    /// <summary>Items as a person reads them; users by pseudonym, and no Graph ids, which spell out the user's.</summary>
    private static async Task<IReadOnlyList<string>> LinesAsync(Desk open, IEnumerable<RevocationItem> items, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var item in items)
        {
            lines.Add(item switch
            {
                RevocationItem.Grant { PrincipalId: { } user } grant =>
                    $"{TenantText.Plain(grant.Scope, 200)} for {(await open.Kept.Persons.OfAsync(open.Tenant, user.ToString(), cancellationToken).ConfigureAwait(false)).Pseudonym}",
                RevocationItem.Grant grant => $"{TenantText.Plain(grant.Scope, 200)} for everyone",
                RevocationItem.Assignment { RoleName: { } role } assignment => $"app role {TenantText.Plain(role, 200)} ({assignment.RoleId}) on {assignment.ResourceId}",
                RevocationItem.Assignment assignment => $"app role {assignment.RoleId} on {assignment.ResourceId}",
                _ => throw new InvalidOperationException("an item is a grant or an assignment"),
            });
        }

        return lines;
    }
}
