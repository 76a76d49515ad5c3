using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Layout;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>The walk through the API in the documentation runs as it is written.</summary>
public sealed partial class WalkThroughTests
{
    [Fact]
    public async Task The_lines_in_the_documentation_do_what_they_say()
    {
        var script = Lines().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/api.md"))).Groups[1].Value;
        await using var server = await RunningServer.StartAsync();
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("sh", ["-eu", "-c", script]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["API"] = server.Address.ToString().TrimEnd('/');
        start.Environment["TOKEN"] = server.Token;

        using var shell = Process.Start(start)!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.True(shell.ExitCode == 0, await errors);
        Assert.StartsWith("asked again: 202", await output, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"complete\"", await output, StringComparison.Ordinal);
        Assert.NotEqual(0, JsonDocument.Parse(File.ReadAllBytes(folder["findings.json"])).RootElement.GetProperty("findings").GetArrayLength());
        Assert.Equal(5, JsonDocument.Parse(File.ReadAllBytes(folder["apps.json"])).RootElement.GetProperty("apps").GetArrayLength());
        Assert.NotEqual(0, JsonDocument.Parse(File.ReadAllBytes(folder["kpis.json"])).RootElement.GetProperty("kpis").GetArrayLength());
        Assert.Contains("lang=\"de\"", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
        Assert.True(File.ReadLines(folder["findings.csv"]).Count() > 10);
    }

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Lines();
}
