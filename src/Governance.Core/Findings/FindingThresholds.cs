using System.Text.Json;

namespace Governance.Core.Findings;

/// <summary>Bounds of the rules, from <c>finding-thresholds.json</c> or a file that replaces it.</summary>
/// <param name="RiseWindowDays">Days over which users of an app are compared; 1 or more.</param>
/// <param name="RiseFactor">Times the earlier number that count as a sudden rise; above 1.</param>
/// <param name="RiseLeastUsers">Fewer new users than this are no rise, whatever the factor.</param>
/// <param name="RequestDeadlineDays">Days within which a consent request should be answered.</param>
public sealed record FindingThresholds(int Version, int RiseWindowDays, decimal RiseFactor, int RiseLeastUsers, int RequestDeadlineDays)
{
    public static readonly FindingThresholds BuiltIn = ReadBuiltIn();

    private static FindingThresholds ReadBuiltIn()
    {
        using var stream = typeof(FindingThresholds).Assembly.GetManifestResourceStream("Governance.Core.Findings.finding-thresholds.json")
            ?? throw new InvalidOperationException("finding-thresholds.json is not embedded");
        return JsonSerializer.Deserialize<FindingThresholds>(stream, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("finding-thresholds.json is empty");
    }
}
