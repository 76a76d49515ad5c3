using System.Runtime.InteropServices;
using System.Text.Json;

namespace Governance.EndToEnd.Tests.Browser;

/// <summary>A real browser, driven by the scripts of this folder: one of this machine, or the one that comes with them as a package.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    public static readonly NodeTools Tools = new("Browser", "playwright-core/package.json", "axe-core/axe.min.js", "adaptivecards/dist/adaptivecards.js", "@sparticuz/chromium/bin/chromium.br");

    /// <summary>Why no browser can be had here; null when one can.</summary>
    public static string? Missing { get; } =
        !NodeTools.Present ? "SKIPPED: nothing was looked at in a browser, because Node and npm are not on this machine"
        : Environment.GetEnvironmentVariable("GOVERNANCE_BROWSER") is null && !Names.Any(name => NodeTools.OnPath(name) is not null) && !Packaged
            ? "SKIPPED: nothing was looked at in a browser, because none is on this machine; name one with GOVERNANCE_BROWSER"
            : null;

    /// <summary>The package carries a program for this kind of machine alone.</summary>
    private static bool Packaged => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;

    /// <param name="steps">What <c>report.mjs</c> is asked to do, in order.</param>
    public static async Task<JsonElement[]> LookAsync(params object[] steps) =>
        [.. JsonDocument.Parse(await Tools.RunAsync("report.mjs", JsonSerializer.Serialize(steps))).RootElement.EnumerateArray()];
}

/// <summary>A test that needs a browser; where none can be had it says aloud that it was skipped.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing;
}
