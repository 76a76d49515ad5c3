using System.Globalization;
using Governance.Simulator;

namespace Governance.Benchmarks;

/// <summary>How the simulated Graph answers.</summary>
/// <param name="PerRequest">Waited before each answer, in milliseconds.</param>
/// <param name="PerRow">Waited in addition for each row of it, in milliseconds.</param>
/// <param name="Quota">Resource units allowed in ten seconds; null for no limit.</param>
internal sealed record ServedBehaviour(double PerRequest, double PerRow, int? Quota)
{
    public static readonly ServedBehaviour AtOnce = new(0, 0, null);

    public string[] Arguments => [Text(PerRequest), Text(PerRow), Quota?.ToString(CultureInfo.InvariantCulture) ?? "none"];

    public SimulatorOptions Options => new()
    {
        LatencyPerRequest = TimeSpan.FromMilliseconds(PerRequest), LatencyPerRow = TimeSpan.FromMilliseconds(PerRow), ResourceUnitsPerTenSeconds = Quota,
    };

    public static ServedBehaviour Parse(string[] arguments) => arguments is [var request, var row, var quota]
        ? new(double.Parse(request, CultureInfo.InvariantCulture), double.Parse(row, CultureInfo.InvariantCulture), quota == "none" ? null : int.Parse(quota, CultureInfo.InvariantCulture))
        : AtOnce;

    private static string Text(double milliseconds) => milliseconds.ToString(CultureInfo.InvariantCulture);
}
