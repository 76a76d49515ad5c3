using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Governance.Core;
using Governance.Core.Policy.Approvals;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli.Commands;

/// <summary><c>governance request APP</c>: asks for an app to be approved, with the risk filled in from the last scan.</summary>
internal static class RequestCommand
{
    private const string FromEntra = "pending consent request in Entra";

    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var app = new Argument<string?>("app") { Description = "Service principal id, application id or display name", HelpName = "APP", Arity = ArgumentArity.ZeroOrOne };
        var purpose = new Option<string?>("--purpose") { Description = "What it is wanted for", HelpName = "TEXT" };
        var owner = new Option<string?>("--owner") { Description = "Who will answer for it; without it who asks", HelpName = "NAME" };
        var departments = new Option<string[]>("--department") { Description = "Departments that may use it; without it all", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var permissions = new Option<string[]>("--permission") { Description = "Permissions it may hold; without it what it holds now", HelpName = "VALUE", AllowMultipleArgumentsPerToken = true };
        var data = new Option<string[]>("--data-category") { Description = "Kinds of data it may open; without it those that its permissions open", HelpName = "KIND", AllowMultipleArgumentsPerToken = true };
        var wide = new Option<bool>("--tenant-wide") { Description = "Ask for a consent for everyone" };
        var pending = new Option<bool>("--from-entra") { Description = "Open a request for each app that users asked for in Entra" };
        var command = new Command("request", "Asks for an app to be approved") { app, purpose, owner, departments, permissions, data, wide, pending };
        var desk = new DeskOptions().AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var open = await desk.OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
            await using var _ = open.ConfigureAwait(false);
            if (parsed.GetValue(pending))
            {
                return await FromEntraAsync(terminal, open, cancellationToken).ConfigureAwait(false);
            }

            var wanted = open.App(parsed.GetValue(app) ?? throw CliException.Usage("name an app, or use --from-entra"));
            var appId = wanted.App.Principal.AppId ?? throw CliException.Usage("the app has no application id, so no decision can name it");
            var held = RiskPrefills.ScopeOf(wanted, appId);
            var scope = held with
            {
                Permissions = Given(parsed.GetValue(permissions)) ?? held.Permissions,
                Departments = Given(parsed.GetValue(departments)),
                DataCategories = Given(parsed.GetValue(data)) ?? held.DataCategories,
                TenantWide = parsed.GetValue(wide) || held.TenantWide,
            };
            CheckKinds(scope);
            var answers = parsed.GetValue(owner) is { } name ? await open.Kept.Persons.ActingAsync(open.Tenant, name, cancellationToken).ConfigureAwait(false) : open.Person;
            var record = await open.ActAsync(
                known => RequestActs.Open(known, open.Person, answers, scope, RiskPrefills.Of(wanted), parsed.GetValue(purpose) ?? string.Empty, open.Policy, "by hand", open.Now),
                cancellationToken).ConfigureAwait(false);
            Tell(terminal, record.Requests["R" + record.Head.Count.ToString(CultureInfo.InvariantCulture)], wanted.App.Principal.Name);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>True when a request is open, or a decision that still holds says no, or yes to all that is asked.</summary>
    private static bool Answered(GovernanceRecord record, Guid appId, ImmutableArray<string> scopes, DateOnly today) =>
        record.Requests.Values.Any(request => request.Scope.AppId == appId && request.State == RequestState.Open)
        || record.DecisionOn(appId) is { Approval: null }
        || (record.DecisionOn(appId) is { Approval: { } approval } && !(approval.ExpiresOn < today) && scopes.All(scope => approval.Permissions?.Contains(scope, StringComparer.OrdinalIgnoreCase) != false));

    private static async Task<int> FromEntraAsync(Terminal terminal, Desk open, CancellationToken cancellationToken)
    {
        var inventory = await open.Kept.Scans.InventoryAsync(open.Tenant, open.State.LastScan.Id, cancellationToken).ConfigureAwait(false);
        if (inventory?.Part(Core.Consents.InventoryPart.ConsentRequests) is not { Complete: true })
        {
            throw new CliException(ExitCode.Incomplete, "the last scan did not read pending consent requests; scan with '--with consentRequests'");
        }

        var opened = 0;
        foreach (var wanted in inventory.ConsentRequests.Where(request => request.Pending is not 0 && !request.PendingScopes.IsEmpty).GroupBy(request => request.AppId))
        {
            var known = await open.RecordAsync(cancellationToken).ConfigureAwait(false);
            ImmutableArray<string> scopes = [.. wanted.SelectMany(request => request.PendingScopes)];
            if (Answered(known, wanted.Key, scopes, DateOnly.FromDateTime(open.Now.UtcDateTime)))
            {
                continue;
            }

            var app = open.AppOrNull(wanted.Key.ToString());
            var scope = new ApprovalScope(wanted.Key, app?.App.Principal.OwnerTenantId, scopes, null, null, false);
            var record = await open.ActAsync(
                current => RequestActs.Open(current, open.Person, open.Person, scope, RiskPrefills.Of(app), FromEntra, open.Policy, "entra", open.Now), cancellationToken).ConfigureAwait(false);
            Tell(terminal, record.Requests["R" + record.Head.Count.ToString(CultureInfo.InvariantCulture)], wanted.First().AppDisplayName);
            opened++;
        }

        terminal.Note($"{opened} requests opened from pending consent requests");
        return ExitCode.Done;
    }

    private static void Tell(Terminal terminal, ApprovalRequest request, string name)
    {
        terminal.Result.WriteLine($"{request.Id}: {TenantText.Plain(name)} ({request.Scope.AppId}), to be decided by {request.DueOn:yyyy-MM-dd}");
        terminal.Result.WriteLine($"  asks for {string.Join(", ", request.Scope.Permissions.Select(value => TenantText.Plain(value, 60)))}{(request.Scope.TenantWide ? ", for everyone" : string.Empty)}");
        terminal.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  risk {request.Risk.Score?.ToString(CultureInfo.InvariantCulture) ?? "not known"}{(request.Risk.Level is { } level ? $" ({level})" : string.Empty)}, {request.Risk.Users?.ToString(CultureInfo.InvariantCulture) ?? "no"} users"));
        terminal.Result.WriteLine($"  needs sign-offs of {string.Join(", ", request.RequiredRoles)}: governance sign-off {request.Id} --role ROLE");
    }

    private static ImmutableArray<string>? Given(string[]? texts) =>
        texts is { Length: > 0 } ? [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))] : null;

    private static void CheckKinds(ApprovalScope scope)
    {
        var known = Enum.GetValues<Core.Risk.DataCategory>().Select(Core.Risk.DataOpened.NameOf).ToArray();
        if (scope.DataCategories?.FirstOrDefault(kind => !known.Contains(kind, StringComparer.Ordinal)) is { } unknown)
        {
            throw CliException.Usage($"--data-category: there is no kind '{TenantText.Plain(unknown, 40)}'; there are {string.Join(", ", known)}");
        }
    }
}
