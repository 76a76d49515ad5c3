using System.Diagnostics;

namespace Governance.Benchmarks;

/// <summary>
/// Measures everything in one run and prints it as Markdown. Arguments: sizes of tenant in grants; <c>--rounds N</c> for the medians;
/// <c>--only</c> with any of collect, stages, program, changes, latency, start, small. A part that cannot be measured here says why, and the rest goes on.
/// </summary>
internal static class Runner
{
    private static readonly string[] Sections = ["collect", "stages", "program", "changes", "latency", "start", "small"];
    private static readonly int[] UsualSizes = [10_000, 200_000, 1_000_000];

    /// <summary>From this size on one round has to do.</summary>
    private const int Large = 1_000_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var watch = Stopwatch.StartNew();
        var rounds = int.Parse(After(args, "--rounds") ?? "3");
        var only = After(args, "--only")?.Split(',') ?? Sections;
        if (only.FirstOrDefault(name => !Sections.Contains(name)) is { } unknown)
        {
            Console.Error.WriteLine($"there is no section '{unknown}'; there are {string.Join(", ", Sections)}");
            return 2;
        }

        int[] sizes = [.. args.Where((text, at) => int.TryParse(text, out _) && (at == 0 || args[at - 1] != "--rounds")).Select(int.Parse)];
        sizes = sizes.Length == 0 ? UsualSizes : sizes;
        Print.Line($"{Environment.ProcessorCount} cores, {Environment.Version}, load average at the start {LoadAverage()}");
        var failed = 0;
        PublishedProgram? published = null;
        if (only.Intersect(["program", "start"]).Any())
        {
            await TryAsync("the program as published", async () => published = await PublishedProgram.MakeAsync());
        }

        using var made = published;
        foreach (var size in sizes)
        {
            if (only.Intersect(["collect", "stages", "program", "changes"]).Any())
            {
                await TryAsync($"tenant of {size} grants", async () =>
                {
                    using var simulator = await SimulatorProcess.StartAsync(size);
                    await InAsync("collect", () => Collecting.RunAsync(simulator, size, size >= Large ? 1 : rounds));
                    await InAsync("stages", () => WholeProgram.StagesAsync(simulator, size));
                    await InAsync("program", () => WholeProgram.RunAsync(simulator, size, "as built", AppContext.BaseDirectory));
                    await InAsync("program", () => WholeProgram.RunAsync(simulator, size, "as published", Made().Folder));
                    await InAsync("changes", () => Changes.RunAsync(simulator, size));
                });
            }
        }

        await InAsync("latency", Latency.RunAsync);
        await InAsync("start", () => PublishedStart.RunAsync(Made(), rounds));
        await InAsync("small", () => Task.Run(SmallParts.Run));
        Print.Line($"\nIn all {watch.Elapsed.TotalMinutes:0.0} minutes; load average at the end {LoadAverage()}");
        return failed == 0 ? 0 : 1;

        PublishedProgram Made() => published ?? throw new InvalidOperationException("the program was not published");

        Task InAsync(string section, Func<Task> work) => only.Contains(section) ? TryAsync(section, work) : Task.CompletedTask;

        async Task TryAsync(string name, Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception problem) when (problem is InvalidOperationException or IOException or HttpRequestException or System.ComponentModel.Win32Exception)
            {
                failed++;
                Print.Line($"\n{name}: not measured: {problem.Message.Trim()}");
            }
        }
    }

    private static string? After(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
