using System.CommandLine;
using System.Text;
using Governance.Core.Digest;
using Governance.Core.Scans;
using Governance.Microsoft365.Teams;

namespace Governance.Cli.Commands;

/// <summary><c>governance digest</c>: what would be posted to Teams, as card JSON or as text.</summary>
internal static class DigestCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var language = Settings.LanguageTag();
        var format = Settings.Format("card", "text");
        var audience = new Option<string>("--audience") { Description = "executive or security", HelpName = "WHO", DefaultValueFactory = _ => "executive" };
        audience.AcceptOnlyFromAmong("executive", "security");
        var version = new Option<string>("--card-version") { Description = "Adaptive Card schema: 1.5 or 1.4", HelpName = "VERSION", DefaultValueFactory = _ => "1.5" };
        version.AcceptOnlyFromAmong("1.5", "1.4");
        var command = new Command("digest", "Previews the Teams digest of the last scan") { data, tenant, language, format, audience, version };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var facts = await StoredFacts.ReadAsync(kept, Kept.PolicyOf(kept), store.Scans, cancellationToken).ConfigureAwait(false);
            var content = DigestComposer.Compose(facts.Digest, Enum.Parse<DigestAudience>(parsed.GetValue(audience)!, ignoreCase: true), parsed.GetValue(language)!);
            await terminal.Result.WriteLineAsync(parsed.GetValue(format) == "card"
                ? Encoding.UTF8.GetString(DigestCard.Body(content, new CardOptions { Version = parsed.GetValue(version)! }))
                : DigestText.Of(content)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
