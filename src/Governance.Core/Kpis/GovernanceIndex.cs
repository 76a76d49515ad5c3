using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class GovernanceIndex : IKpi
{
    public string Id => "governance-index";

    public string Unit => "index";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => false;

    public string Definition =>
        "Weighed mean from 0 to 100 of the parts that are available; the parts, their scores and weights are always given with it.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [];

    public KpiReading Measure(KpiContext context)
    {
        var available = Measured(context).Where(part => part.Score is not null).ToArray();
        var left = KpiWeights.BuiltIn.Parts.Length - available.Length;
        if (available.Length == 0)
        {
            return KpiReading.NotAvailable("no part of the index is available");
        }

        var total = available.Sum(part => part.Weight.Weight);
        return new KpiReading(Round(available.Sum(part => part.Score!.Value * part.Weight.Weight) / total, 1), available.Length)
        {
            Whole = available.All(part => part.Whole),
            Note = left > 0 ? FormattableString.Invariant($"{left} of {KpiWeights.BuiltIn.Parts.Length} parts are not available") : null,
            Parts = Parts(available, total),
        };
    }

    private static ImmutableArray<KpiPart> Parts((KpiWeight Weight, decimal? Score, bool Whole)[] available, decimal total) =>
        [.. available.Select(part => new KpiPart(part.Weight.Kpi, Round(part.Score!.Value, 1), Round(part.Weight.Weight / total, 4)))];

    private static IEnumerable<(KpiWeight Weight, decimal? Score, bool Whole)> Measured(KpiContext context)
    {
        foreach (var weight in KpiWeights.BuiltIn.Parts)
        {
            var kpi = KpiCatalogue.ById(weight.Kpi) ?? throw new InvalidOperationException($"kpi-weights.json names {weight.Kpi}, which is no KPI");
            var reading = KpiCatalogue.Read(kpi, context);
            yield return (weight, Score(weight.Form, reading), reading.Whole);
        }
    }

    private static decimal? Score(ScoreForm form, KpiReading reading) => (form, reading.Value) switch
    {
        (_, null) => null,
        (ScoreForm.Share, { } value) => value,
        (ScoreForm.InverseShare, { } value) => 100m - value,
        _ when reading.SampleSize == 0 => null,
        (_, { } value) => 100m - (100m * value / reading.SampleSize),
    };

    private static decimal Round(decimal value, int digits) => decimal.Round(value, digits, MidpointRounding.AwayFromZero);
}
