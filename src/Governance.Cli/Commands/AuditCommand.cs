using System.CommandLine;
using System.Text;
using Governance.Core.Policy.Ledger;

namespace Governance.Cli.Commands;

/// <summary><c>governance audit verify|export</c>: the ledger, checked from first entry to head; needs no network.</summary>
internal static class AuditCommand
{
    public static Command Create(Terminal terminal) => new("audit", "Checks and exports the decision ledger")
    {
        Verify(terminal),
        Export(terminal),
    };

    private static Command Verify(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var file = new Option<FileInfo?>("--file") { Description = "Check an export instead of a data folder", HelpName = "FILE" };
        var noted = new Option<string?>("--head") { Description = "A head written down earlier: 'COUNT HASH'", HelpName = "HEAD" };
        var command = new Command("verify", "Names the first entry that does not hold, and finds a cut tail") { data, tenant, file, noted };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var head = parsed.GetValue(noted) is { } text
                ? LedgerExport.HeadOf(text) ?? throw CliException.Usage("--head: a count, a blank and 64 hexadecimal digits are needed")
                : null;
            var sound = true;
            foreach (var ledger in await LedgersAsync(parsed.GetValue(file), parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false))
            {
                switch (LedgerVerification.Of(ledger, head))
                {
                    case LedgerVerdict.Sound good:
                        terminal.Result.WriteLine($"{ledger.TenantId}: sound, {good.Head.Count} entries, {good.PartsTaken} texts erased; head {good.Head.Count} {good.Head.Hash}");
                        break;
                    case LedgerVerdict.Broken broken:
                        terminal.Result.WriteLine($"{ledger.TenantId}: BROKEN at entry {broken.Entry}: {broken.Why}");
                        sound = false;
                        break;
                }
            }

            return sound ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Export(Terminal terminal)
    {
        var data = Settings.Data();
        var tenant = Settings.Tenant();
        var output = new Option<FileInfo?>("--out") { Description = "File to write; without it standard output", HelpName = "FILE" };
        var command = new Command("export", "Writes a tenant's ledger as text that can be checked elsewhere") { data, tenant, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var ledgers = await LedgersAsync(null, parsed.GetValue(data)!, parsed.GetValue(tenant), cancellationToken).ConfigureAwait(false);
            if (ledgers.Count != 1)
            {
                throw CliException.Usage($"{ledgers.Count} tenants are kept here; name one with --tenant");
            }

            var bytes = Encoding.UTF8.GetBytes(LedgerExport.Write(ledgers[0]));
            if (parsed.GetValue(output) is { } target)
            {
                await OutputFile.WriteAsync(target, stream => stream.WriteAsync(bytes, cancellationToken).AsTask()).ConfigureAwait(false);
                terminal.Note($"wrote {target.FullName}");
            }
            else
            {
                terminal.Document(stream => stream.Write(bytes));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<StoredLedger>> LedgersAsync(FileInfo? file, DirectoryInfo data, Guid? tenant, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            try
            {
                return [LedgerExport.Read(Settings.ReadText(file))];
            }
            catch (FormatException broken)
            {
                throw CliException.Usage($"{file.Name}: {broken.Message}");
            }
        }

        var kept = Kept.Open(data);
        await using var _ = kept.ConfigureAwait(false);
        if (!File.Exists(kept.Database.Path))
        {
            var left = kept.Ledger.WithoutDatabase().Where(ledger => tenant is null || ledger.TenantId == tenant).ToArray();
            return left.Length > 0 ? left : throw Kept.Nothing(data, "keeps nothing yet");
        }

        var tenants = (await kept.Scans.TenantsAsync(cancellationToken).ConfigureAwait(false)).Union(await kept.Ledger.TenantsAsync(cancellationToken).ConfigureAwait(false)).Order().ToArray();
        var wanted = tenant is { } only ? tenants.Where(id => id == only).ToArray() : tenants;
        if (wanted.Length == 0)
        {
            throw CliException.Usage(tenant is null ? $"{data.FullName} keeps nothing yet" : $"nothing of tenant {tenant} is kept here");
        }

        var ledgers = new List<StoredLedger>();
        foreach (var id in wanted)
        {
            ledgers.Add(await kept.Ledger.ReadAsync(id, cancellationToken).ConfigureAwait(false));
        }

        return ledgers;
    }
}
