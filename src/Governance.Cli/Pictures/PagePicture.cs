using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Governance.Cli.Pictures;

/// <summary>Takes a picture of a whole page with a browser of this machine, which sees the page from a file and asks nobody.</summary>
/// <remarks>Talks to it by the Chrome DevTools Protocol (<c>Page.getLayoutMetrics</c>, <c>Page.captureScreenshot</c>), read 2026-11-22.</remarks>
internal static class PagePicture
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <param name="width">Width of the page in pixels; the picture has two for each.</param>
    /// <returns>A PNG as high as the page.</returns>
    /// <exception cref="CliException">No browser is there, or it makes no picture.</exception>
    public static Task<byte[]> TakeAsync(string html, int width, CancellationToken cancellationToken) => TakeAsync(LocalBrowser.Find(), html, width, cancellationToken);

    /// <param name="program">The browser.</param>
    internal static async Task<byte[]> TakeAsync(string program, string html, int width, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("governance-picture-");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Longest);
        try
        {
            var page = Path.Combine(folder.FullName, "page.html");
            await File.WriteAllTextAsync(page, html, new UTF8Encoding(false), late.Token).ConfigureAwait(false);
            return await TakeAsync(program, folder, new Uri(page), width, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Failed, $"{program} made no picture within {Longest.TotalMinutes:0} minutes");
        }
        finally
        {
            Delete(folder);
        }
    }

    private static async Task<byte[]> TakeAsync(string program, DirectoryInfo folder, Uri page, int width, CancellationToken cancellationToken)
    {
        using var browser = Start(program, folder, width);
        try
        {
            var address = await AddressAsync(browser, program, cancellationToken).ConfigureAwait(false);
            using var talk = await DevTools.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            var target = (await talk.AskAsync("Target.createTarget", new JsonObject { ["url"] = page.AbsoluteUri }, null, cancellationToken).ConfigureAwait(false))["targetId"]!.GetValue<string>();
            var session = (await talk.AskAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }, null, cancellationToken).ConfigureAwait(false))["sessionId"]!.GetValue<string>();
            await talk.AskAsync(
                "Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 800, ["deviceScaleFactor"] = 2, ["mobile"] = false }, session, cancellationToken).ConfigureAwait(false);
            while ((await talk.AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = "location.protocol === 'file:' && document.readyState" }, session, cancellationToken).ConfigureAwait(false))["result"]!["value"]?.ToString() != "complete")
            {
                await Task.Delay(50, cancellationToken).ConfigureAwait(false);
            }

            var size = (await talk.AskAsync("Page.getLayoutMetrics", [], session, cancellationToken).ConfigureAwait(false))["cssContentSize"]!;
            var picture = await talk.AskAsync(
                "Page.captureScreenshot",
                new JsonObject
                {
                    ["format"] = "png",
                    ["captureBeyondViewport"] = true,
                    ["clip"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["width"] = width, ["height"] = size["height"]!.GetValue<double>(), ["scale"] = 1 },
                },
                session,
                cancellationToken).ConfigureAwait(false);
            return Convert.FromBase64String(picture["data"]!.GetValue<string>());
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
                await browser.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static Process Start(string program, DirectoryInfo folder, int width)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            "--headless=new", "--remote-debugging-port=0", $"--user-data-dir={folder.FullName}", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-extensions", "--disable-sync", "--hide-scrollbars", "--disable-gpu", $"--window-size={width},800", "about:blank",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Its sandbox does not start for root, as in many containers; the page is our own and may neither run nor ask for anything.
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            start.ArgumentList.Add("--no-sandbox");
        }

        try
        {
            return Process.Start(start) ?? throw new CliException(ExitCode.Failed, $"{program} did not start");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new CliException(ExitCode.Failed, $"{program} did not start: {error.Message}");
        }
    }

    /// <summary>The address it listens at, which it tells on standard error.</summary>
    private static async Task<Uri> AddressAsync(Process browser, string program, CancellationToken cancellationToken)
    {
        const string Said = "DevTools listening on ";
        while (await browser.StandardError.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(Said, StringComparison.Ordinal))
            {
                // What it says later is not read, and must not fill up.
                _ = browser.StandardError.ReadToEndAsync(cancellationToken);
                return new Uri(line[Said.Length..].Trim());
            }
        }

        throw new CliException(ExitCode.Failed, $"{program} ended before it could make a picture");
    }

    private static void Delete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A browser that is just ending may still hold a file; the folder is a temporary one.
        }
    }
}
