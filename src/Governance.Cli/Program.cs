using System.Runtime.InteropServices;
using Governance.Cli;

// Never disposed: a signal may come until the process is gone.
var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await new CommandLine(Terminal.System(), TimeProvider.System).RunAsync(args, stop.Token).ConfigureAwait(false);

// The first signal lets a command end in order, a second one ends it as it stands.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
