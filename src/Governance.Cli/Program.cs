using Governance.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await new CommandLine(Terminal.System(), TimeProvider.System).RunAsync(args, stop.Token).ConfigureAwait(false);
