using System.Diagnostics;
using Governance.Embedded.Sqlite;
using Governance.State.Contract;

namespace Governance.Embedded.Tests;

/// <summary>A second process of this assembly that stops in the middle of a commit and stays there until it is killed.</summary>
internal static class ChildProcess
{
    private const string Reached = "reached";

    /// <summary>Entry point of the child: data folder, and the number of the write before which to stop.</summary>
    public static async Task<int> Main(string[] args)
    {
        var options = new SqliteOptions
        {
            Folder = args[0],
            BeforeWrite = write =>
            {
                if (write == int.Parse(args[1]))
                {
                    Console.WriteLine(Reached);
                    using var never = new ManualResetEventSlim();
                    never.Wait();
                }
            },
        };
        await using var database = new SqliteDatabase(options);
        await new SqliteScanStore(database, options).CommitAsync(SampleScans.Changed(SampleScans.First(SampleScans.Tenant)), default);
        return 0;
    }

    /// <returns>The process, once it stands before that write; to be killed by the caller.</returns>
    public static async Task<Process> StoppedBeforeAsync(string folder, int write)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        start.ArgumentList.Add(folder);
        start.ArgumentList.Add(write.ToString());
        var process = Process.Start(start)!;
        Assert.Equal(Reached, await process.StandardOutput.ReadLineAsync());
        return process;
    }

    public static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
