using System.CommandLine;
using Governance.Core;
using Governance.Core.Catalogue;

namespace Governance.Cli.Commands;

/// <summary><c>governance apps confirm APP</c>: a person says what an app of this tenant is; later scans go by it.</summary>
internal static class ConfirmCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var name = new Argument<string>("app") { Description = "Service principal id, application id, or display name", HelpName = "APP" };
        var verdict = new Option<string>("--verdict") { Description = "What it is: ai, aiFeature or notAi", HelpName = "VERDICT", Required = true };
        verdict.AcceptOnlyFromAmong("ai", "aiFeature", "notAi");
        var product = new Option<string?>("--product") { Description = "The product's name", HelpName = "NAME" };
        var reason = new Option<string>("--reason") { Description = "How you know", HelpName = "TEXT", Required = true };
        var by = new Option<string>("--as") { Description = "Who says so; default the signed-in user", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };
        var command = new Command("confirm", "Says what an app of this tenant is, for later scans") { name, data, tenant, verdict, product, reason, by };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (state, kept) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = kept.ConfigureAwait(false);
            var principal = ExplainCommand.Find(state, parsed.GetRequiredValue(name)).App.Principal;
            if (principal.AppId is not { } appId)
            {
                throw CliException.Usage($"'{TenantText.Plain(principal.Name)}' has no application id to go by");
            }

            if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(reason)))
            {
                throw CliException.Usage("--reason: say how you know");
            }

            var learned = new LearnedApp(appId, Enum.Parse<AiVerdict>(parsed.GetRequiredValue(verdict), ignoreCase: true), parsed.GetValue(product));
            await kept.Learned.ConfirmAsync(
                state.LastScan.TenantId, new Confirmation(learned, parsed.GetValue(by)!, parsed.GetRequiredValue(reason), time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            terminal.Note($"'{TenantText.Plain(principal.Name)}' ({appId}) is {parsed.GetRequiredValue(verdict)} from the next scan on");
            return ExitCode.Done;
        });
        return command;
    }
}
