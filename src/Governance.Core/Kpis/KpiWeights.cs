using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Governance.Core.Kpis;

/// <summary>How much each KPI counts in the governance index, from <c>kpi-weights.json</c>.</summary>
/// <param name="Version">Grows when a weight changes.</param>
public sealed record KpiWeights(int Version, ImmutableArray<KpiWeight> Parts)
{
    public static readonly KpiWeights BuiltIn = ReadBuiltIn();

    private static KpiWeights ReadBuiltIn()
    {
        using var stream = typeof(KpiWeights).Assembly.GetManifestResourceStream("Governance.Core.Kpis.kpi-weights.json")
            ?? throw new InvalidOperationException("kpi-weights.json is not embedded");
        return JsonSerializer.Deserialize<KpiWeights>(stream, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("kpi-weights.json is empty");
    }
}

/// <param name="Kpi">Id of the KPI.</param>
/// <param name="Weight">Above 0; what counts is its share of the weights of all parts that are available.</param>
public sealed record KpiWeight(string Kpi, decimal Weight, ScoreForm Form);

/// <summary>How a KPI value becomes a score from 0 (bad) to 100 (good).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreForm>))]
public enum ScoreForm
{
    /// <summary>A percentage of which more is better: the score itself.</summary>
    Share,

    /// <summary>A percentage of which less is better: 100 less the value.</summary>
    InverseShare,

    /// <summary>A count of which less is better: 100 less its share of the sample.</summary>
    InversePerSample,
}
