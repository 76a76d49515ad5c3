using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Governance.Benchmarks;

/// <summary>The command line as it is installed: compiled ahead, for the runtime that is there.</summary>
internal sealed class PublishedProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly DirectoryInfo _place;

    private PublishedProgram(DirectoryInfo place) => _place = place;

    public string Folder => Path.Combine(_place.FullName, "out");

    public double Megabytes =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)).Sum(file => new FileInfo(file).Length) / 1e6;

    /// <summary>Publishes beside the sources, so that neither their output nor their lock files are touched.</summary>
    /// <exception cref="InvalidOperationException">It cannot be published here.</exception>
    public static async Task<PublishedProgram> MakeAsync()
    {
        var made = new PublishedProgram(Directory.CreateTempSubdirectory("governance-published-"));
        try
        {
            await made.PublishAsync();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    public void Dispose() => _place.Delete(recursive: true);

    private async Task PublishAsync()
    {
        var project = Repository("src/Governance.Cli/Governance.Cli.csproj");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
            "--artifacts-path", Path.Combine(_place.FullName, "artifacts"), "-p:NuGetLockFilePath=obj/published.lock.json", "-p:RunAnalyzers=false", "-o", Folder, "-v", "q", "-clp:ErrorsOnly",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"publishing took more than {Patience.TotalMinutes} minutes");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"the program cannot be published here: {(await said).Split('\n')[0]}");
        }
    }

    private static string Repository(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GovernanceFunctions.sln")))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new InvalidOperationException("run this from a working copy: the sources are needed to publish the program");
    }
}
