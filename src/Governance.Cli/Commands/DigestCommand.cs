using System.CommandLine;
using System.Text;
using Governance.Cli.Pictures;
using Governance.Core.Digest;
using Governance.Microsoft365.Teams;

namespace Governance.Cli.Commands;

/// <summary><c>governance digest</c>: looks at, tries and posts what people receive in Teams.</summary>
internal static class DigestCommand
{
    public static Command Create(Terminal terminal, TimeProvider time)
    {
        var command = Preview("digest", "Previews the Teams digest of the last scan; posts it with 'digest post'", terminal);
        command.Add(Preview("preview", "Shows the digest of the last scan as card JSON, as text, or as a page to look at", terminal));
        foreach (var posting in DigestPosting.Create(terminal, time))
        {
            command.Add(posting);
        }

        return command;
    }

    private static Command Preview(string name, string description, Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var language = Settings.LanguageTag();
        var format = Settings.Format("card", "text");
        var audience = new Option<string>("--audience") { Description = "executive or security", HelpName = "WHO", DefaultValueFactory = _ => "executive" };
        audience.AcceptOnlyFromAmong("executive", "security");
        var version = new Option<string>("--card-version") { Description = "Adaptive Card schema: 1.5 or 1.4", HelpName = "VERSION", DefaultValueFactory = _ => "1.5" };
        version.AcceptOnlyFromAmong("1.5", "1.4");
        var html = new Option<FileInfo?>("--html") { Description = "Write the card as a web page to this file instead", HelpName = "FILE" };
        var period = Settings.Period();
        var picture = new Option<FileInfo?>("--picture") { Description = "Write the card as a picture (PNG) to this file instead; needs Chromium, Chrome or Edge on this machine", HelpName = "FILE" };
        var width = new Option<int>("--width") { Description = "Width of the picture's page in pixels; below 480 the card is laid out for phones", HelpName = "N", DefaultValueFactory = _ => 760 };
        width.Validators.Add(result =>
        {
            if (result.TryGet(width, out var pixels) && pixels is < 240 or > 2000)
            {
                result.AddError("--width must be a number from 240 to 2000.");
            }
        });
        var command = new Command(name, description) { data, tenant, language, format, audience, version, html, period, picture, width };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (kept, store) = await Kept.OpenAsync(parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            await using var _ = store.ConfigureAwait(false);
            var facts = await store.FactsAsync(kept, Settings.PeriodOf(parsed.GetValue(period)), cancellationToken).ConfigureAwait(false);
            var content = DigestComposer.Compose(facts.Digest, Enum.Parse<DigestAudience>(parsed.GetValue(audience)!, ignoreCase: true), parsed.GetValue(language)!);
            var cards = DigestCard.Bodies(content, new CardOptions { Version = parsed.GetValue(version)! });
            if (parsed.GetValue(html) is { } file)
            {
                await OutputFile.WriteAsync(file, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(CardPage.Of(cards)), cancellationToken).AsTask()).ConfigureAwait(false);
                terminal.Note($"wrote {file.FullName}");
                return ExitCode.Done;
            }

            if (parsed.GetValue(picture) is { } png)
            {
                var taken = await PagePicture.TakeAsync(CardPage.Of(cards), parsed.GetValue(width), cancellationToken).ConfigureAwait(false);
                await OutputFile.WriteAsync(png, stream => stream.WriteAsync(taken, cancellationToken).AsTask()).ConfigureAwait(false);
                terminal.Note($"wrote {png.FullName}");
                return ExitCode.Done;
            }

            // A digest of several messages gives a document a line.
            await terminal.Result.WriteLineAsync(
                parsed.GetValue(format) == "card" ? string.Join('\n', cards.Select(Encoding.UTF8.GetString)) : DigestText.Of(content)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
