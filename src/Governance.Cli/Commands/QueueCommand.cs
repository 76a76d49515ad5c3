using System.CommandLine;
using Governance.Core;
using Governance.Embedded.Sqlite;
using Spectre.Console;

namespace Governance.Cli.Commands;

/// <summary><c>governance queue</c>: what waits, what is parked and why; and putting a parked message back.</summary>
internal static class QueueCommand
{
    private const int MostShown = 1000;

    public static Command Create(Terminal terminal, TimeProvider time) => new("queue", "Shows the messages of the server, and replays parked ones") { List(terminal, time), Replay(terminal, time) };

    private static Command List(Terminal terminal, TimeProvider time)
    {
        var data = Settings.Data();
        var command = new Command("list", "Lists parked messages with their reasons") { data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var database = Open(parsed.GetValue(data)!);
            var queue = new SqliteScanQueue(database, time);
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Id", "Reason", "Attempts", "Parked");
            table.Columns[0].NoWrap();
            foreach (var message in await queue.ParkedAsync(MostShown, cancellationToken).ConfigureAwait(false))
            {
                table.AddRow(Markup.Escape(TenantText.Plain(message.Id, 128)), Terminal.Safe(message.Reason, 200), message.Attempts.ToString(), message.ParkedAt.ToString("yyyy-MM-dd HH:mm"));
            }

            terminal.Console.Write(table);
            var counts = await queue.CountAsync(cancellationToken).ConfigureAwait(false);
            terminal.Note($"{counts.Pending} waiting, {counts.Leased} in hand, {counts.Parked} parked, {counts.Done} done");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Replay(Terminal terminal, TimeProvider time)
    {
        var data = Settings.Data();
        var id = new Argument<string>("id") { Description = "Id of the message", HelpName = "ID" };
        var command = new Command("replay", "Puts a parked message back into the queue, with all its attempts before it") { id, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var database = Open(parsed.GetValue(data)!);
            if (!await new SqliteScanQueue(database, time).ReplayAsync(parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false))
            {
                throw CliException.Usage("no such message is parked; see 'governance queue list'");
            }

            terminal.Note("the message is due again; a running server takes it up by itself");
            return ExitCode.Done;
        });
        return command;
    }

    private static SqliteDatabase Open(DirectoryInfo data)
    {
        var database = new SqliteDatabase(new SqliteOptions { Folder = data.FullName });
        return File.Exists(database.Path) ? database : throw Kept.Nothing(data, "keeps nothing yet; run 'governance serve' first");
    }
}
