using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Scans;

namespace Governance.Cli.Commands;

/// <summary><c>governance approve REQUEST</c>: approves what was asked, or less, with conditions and an end.</summary>
internal static class ApproveCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var id = new Argument<string>("request") { Description = "Request, such as R12", HelpName = "REQUEST" };
        var conditions = new Option<string?>("--conditions") { Description = "What its users must keep to", HelpName = "TEXT" };
        var review = new Option<DateOnly?>("--review-by") { Description = "Day of the next review; without it by the policy", HelpName = "DATE" };
        var end = new Option<DateOnly?>("--expires-on") { Description = "Last day of the approval; without it by the policy", HelpName = "DATE" };
        var permissions = new Option<string[]>("--permission") { Description = "Approve only these of the permissions asked for", HelpName = "VALUE", AllowMultipleArgumentsPerToken = true };
        var departments = new Option<string[]>("--department") { Description = "Approve only for these departments", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var command = new Command("approve", "Approves a request that every role has signed off") { id, conditions, review, end, permissions, departments };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            var wanted = parsed.GetRequiredValue(id);
            var record = await open.ActAsync(
                known => RequestActs.Approve(
                    known, wanted, open.Person, Bounds(known.Request(wanted).Scope, parsed.GetValue(permissions), parsed.GetValue(departments)),
                    parsed.GetValue(conditions), parsed.GetValue(review), parsed.GetValue(end), open.Policy, open.Now),
                cancellationToken).ConfigureAwait(false);
            var approval = record.DecisionOn(record.Request(wanted).Scope.AppId)!.Approval!;
            terminal.Result.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{wanted}: approved until {approval.ExpiresOn:yyyy-MM-dd}, review by {approval.ReviewBy:yyyy-MM-dd}; findings and figures follow with the next scan"));
            foreach (var app in open.State.Apps.Where(app => app.App.Principal.AppId == approval.Tool.AppId))
            {
                if (open.StandingOf(app, record) is { State: not GovernanceState.Approved } standing)
                {
                    terminal.Note($"governance: '{TenantText.Plain(app.App.Principal.Name)}' stands at {ContractNames.Of(standing.State)} all the same: {TenantText.Plain(standing.Reason, 200)}");
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static ApprovalScope Bounds(ApprovalScope asked, string[]? permissions, string[]? departments) => asked with
    {
        Permissions = permissions is { Length: > 0 } ? [.. permissions] : asked.Permissions,
        Departments = departments is { Length: > 0 } ? [.. departments] : asked.Departments,
    };
}
