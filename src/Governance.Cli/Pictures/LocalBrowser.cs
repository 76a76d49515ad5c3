namespace Governance.Cli.Pictures;

/// <summary>Finds a Chromium on this machine: Chromium itself, Chrome or Edge.</summary>
internal static class LocalBrowser
{
    /// <summary>Names the program where it is somewhere else.</summary>
    public const string Variable = "GOVERNANCE_BROWSER";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];

    /// <exception cref="CliException">None is found; the message says what to do.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw CliException.Usage($"{Variable} names {named}, which is not there");
        }

        return Places().FirstOrDefault(File.Exists) ?? throw CliException.Usage(
            $"a picture needs Chromium, Chrome or Edge on this machine, and none was found; install one, name it with {Variable}, or use --html and a browser elsewhere");
    }

    private static IEnumerable<string> Places()
    {
        var ending = OperatingSystem.IsWindows() ? ".exe" : string.Empty;
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var name in Names)
            {
                yield return Path.Combine(folder, name + ending);
            }
        }

        yield return "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
        yield return "/Applications/Chromium.app/Contents/MacOS/Chromium";
        yield return "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge";
        foreach (var programs in new[] { Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86 }.Select(Environment.GetFolderPath).Where(path => path.Length > 0))
        {
            yield return Path.Combine(programs, "Google", "Chrome", "Application", "chrome.exe");
            yield return Path.Combine(programs, "Microsoft", "Edge", "Application", "msedge.exe");
        }
    }
}
