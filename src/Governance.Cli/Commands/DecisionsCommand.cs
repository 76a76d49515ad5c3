using System.CommandLine;
using System.Globalization;
using Governance.Core.Policy.Approvals;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance decisions</c>: requests and what was decided, as the ledger tells it.</summary>
internal static class DecisionsCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var pending = new Option<bool>("--pending") { Description = "Only requests that wait" };
        var command = new Command("decisions", "Lists requests, decisions and revocation orders") { pending };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var record = await open.RecordAsync(cancellationToken).ConfigureAwait(false);
            var names = await open.Kept.Persons.NamesAsync(open.Tenant, cancellationToken).ConfigureAwait(false);
            string Name(string pseudonym) => Terminal.Safe(names.GetValueOrDefault(pseudonym, pseudonym), 30);
            var apps = open.State.Apps.Where(app => app.App.Principal.AppId is not null).ToLookup(app => app.App.Principal.AppId!.Value, app => app.App.Principal.Name);
            var inventory = await open.Kept.Scans.InventoryAsync(open.Tenant, open.State.LastScan.Id, cancellationToken).ConfigureAwait(false);
            var asked = (inventory?.ConsentRequests ?? []).ToLookup(request => request.AppId, request => request.AppDisplayName);
            string App(Guid? id) => Terminal.Safe(id is { } known ? apps[known].FirstOrDefault() ?? asked[known].FirstOrDefault() ?? known.ToString() : string.Empty, 40);

            var table = new Table().Border(TableBorder.Rounded).AddColumns("Id", "App", "State", "By", "Until", "Next");
            foreach (var request in record.Requests.Values.Where(request => !parsed.GetValue(pending) || request.State == RequestState.Open).OrderBy(request => request.RequestedAt))
            {
                var decision = record.DecisionOn(request.Scope.AppId) is { } counts && counts.RequestId == request.Id ? counts : null;
                table.AddRow(
                    request.Id,
                    App(request.Scope.AppId),
                    request.State.ToString().ToLowerInvariant(),
                    Name(decision?.DecidedBy ?? request.RequestedBy),
                    Day(decision?.Approval?.ExpiresOn ?? (request.State == RequestState.Open ? request.DueOn : null)),
                    Markup.Escape(Next(request, decision)));
            }

            foreach (var denial in record.Decisions.Values.Where(decision => decision is { Approval: null, RequestId: null } && !parsed.GetValue(pending)))
            {
                table.AddRow($"entry {denial.Entry}", App(denial.AppId), "denied", Name(denial.DecidedBy), string.Empty, Terminal.Safe(denial.Reason, 60));
            }

            foreach (var order in record.Orders.Values.OrderBy(order => order.PlannedAt))
            {
                var waits = order.State is Core.Policy.Revocations.OrderState.Planned or Core.Policy.Revocations.OrderState.SignedOff;
                if (waits || !parsed.GetValue(pending))
                {
                    table.AddRow(
                        order.Id, App(order.AppId), "revocation " + order.State.ToString().ToLowerInvariant(), Name(order.PlannedBy), string.Empty,
                        Markup.Escape(order.Failure ?? string.Create(CultureInfo.InvariantCulture, $"{order.Approvers.Length} of {order.Needed} approved")));
                }
            }

            terminal.Console.Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Next(ApprovalRequest request, RecordedDecision? decision)
    {
        if (request.State != RequestState.Open)
        {
            return decision?.Approval is { } approval ? $"review by {Day(approval.ReviewBy)}" : string.Empty;
        }

        var missing = request.MissingRoles.ToArray();
        return missing.Length == 0 ? "decide" : $"sign-off: {string.Join(", ", missing)}";
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? string.Empty;
}
