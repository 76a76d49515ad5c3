using System.Diagnostics;
using System.Globalization;
using Governance.Cli;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>18: what is written from one folder has the same bytes whatever the culture and zone of whoever writes it.</summary>
/// <remarks>
/// The program knows no culture but the invariant one. So it runs twice in this process, the second time under a culture made up
/// to spoil whatever number or date is written by the current one; and for the report once in a process whose environment names another country.
/// </remarks>
internal static class SameBytes
{
    private static readonly string[][] Documents =
    [
        ["export", "--what", "all", "--format", "json"],
        ["export", "--what", "all", "--format", "markdown"],
        ["export", "--what", "apps", "--format", "csv"],
        ["export", "--what", "findings", "--format", "ocsf"],
        ["digest", "preview", "--language", "fr"],
        ["audit", "export"],
    ];

    /// <param name="folder">Has the data in <c>data</c>, a committed scan among it; pages are written beside it.</param>
    public static async Task HoldAsync(TemporaryFolder folder)
    {
        string[] data = ["--data", folder["data"]];
        foreach (var document in Documents)
        {
            var here = await Run.Of([.. document, .. data]);
            var abroad = await AbroadAsync(() => Run.Of([.. document, .. data]));
            Assert.True(here.Code == 0, here.Notes);
            Assert.NotEmpty(here.Output);
            Same(string.Join(' ', document), "culture", here.Output, abroad.Output);
        }

        string[] report = ["report", .. data, "--language", "de", "--out"];
        var page = await AbroadAsync(() => Run.Of([.. report, folder["here.html"]]));
        Assert.True(page.Code == 0, page.Notes);
        await InProcessAsync("tr_TR.UTF-8", "Asia/Kolkata", [.. report, folder["process.html"]]);
        Same("the report", "culture or environment", await File.ReadAllTextAsync(folder["process.html"]), await File.ReadAllTextAsync(folder["here.html"]));
    }

    private static void Same(string what, string by, string here, string there)
    {
        var at = here.AsSpan().CommonPrefixLength(there);
        Assert.True(here == there, $"18: {what} depends on the {by}: '{Around(here, at)}' or '{Around(there, at)}'");
    }

    private static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 60)];

    /// <summary>The culture of this flow alone changes, and only until it ends.</summary>
    private static async Task<Run> AbroadAsync(Func<Task<Run>> run)
    {
        CultureInfo.CurrentCulture = Foreign;
        CultureInfo.CurrentUICulture = Foreign;
        return await run();
    }

    private static readonly CultureInfo Foreign = Made();

    private static CultureInfo Made()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var (numbers, dates) = (culture.NumberFormat, culture.DateTimeFormat);
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.NegativeSign) = ("٫", "٬", "~");
        (numbers.PercentDecimalSeparator, numbers.PercentGroupSeparator, numbers.PercentSymbol) = ("٫", "٬", "٪");
        (dates.DateSeparator, dates.TimeSeparator, dates.ShortDatePattern, dates.LongTimePattern) = ("~", "~", "dd~MM~yy", "mm~HH");
        (dates.LongDatePattern, dates.ShortTimePattern) = ("dd MMMM", "mm~HH");
        dates.MonthNames = dates.AbbreviatedMonthNames = [.. Enumerable.Range(1, 13).Select(month => $"m{month}")];
        return CultureInfo.ReadOnly(culture);
    }

    private static async Task InProcessAsync(string language, string zone, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(CommandLine).Assembly.Location, .. arguments]) { RedirectStandardError = true };
        (start.Environment["LANG"], start.Environment["LC_ALL"], start.Environment["TZ"]) = (language, language, zone);
        using var process = Process.Start(start)!;
        var notes = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, notes);
    }
}
