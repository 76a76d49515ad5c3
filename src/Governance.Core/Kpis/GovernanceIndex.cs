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
        "Weighed mean from 0 to 100 of the parts that there is something to measure for; the parts, their scores and weights are always given with it. Without a value when a part was not read whole.";

    public string Owner => "marketing";

    /// <remarks>What a part of it rests on beside these, its own reading tells.</remarks>
    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public KpiReading Measure(KpiContext context)
    {
        var measured = Measured(context).ToArray();
        var lost = measured.Where(part => part.Reading is { Whole: false, Value: null }).Select(part => $"{part.Weight.Kpi} ({part.Reading.Note ?? "not everything could be counted"})").ToArray();
        if (lost.Length > 0)
        {
            return KpiReading.NotAvailable($"without a value because of {string.Join(", ", lost)}");
        }

        var available = measured.Select(part => (part.Weight, Score: Score(part.Weight.Form, part.Reading))).Where(part => part.Score is not null).ToArray();
        var left = KpiWeights.BuiltIn.Parts.Length - available.Length;
        if (available.Length == 0)
        {
            return KpiReading.NotAvailable("no part of the index is available");
        }

        var total = available.Sum(part => part.Weight.Weight);
        return new KpiReading(Round(available.Sum(part => part.Score!.Value * part.Weight.Weight) / total, 1), available.Length)
        {
            Whole = measured.All(part => part.Reading.Whole),
            Note = left > 0 ? FormattableString.Invariant($"{left} of {KpiWeights.BuiltIn.Parts.Length} parts are not available") : null,
            Parts = Parts(available, total),
        };
    }

    private static ImmutableArray<KpiPart> Parts((KpiWeight Weight, decimal? Score)[] available, decimal total) =>
        [.. available.Select(part => new KpiPart(part.Weight.Kpi, Round(part.Score!.Value, 1), Round(part.Weight.Weight / total, 4)))];

    private static IEnumerable<(KpiWeight Weight, KpiReading Reading)> Measured(KpiContext context)
    {
        foreach (var weight in KpiWeights.BuiltIn.Parts)
        {
            var kpi = KpiCatalogue.ById(weight.Kpi) ?? throw new InvalidOperationException($"kpi-weights.json names {weight.Kpi}, which is no KPI");
            yield return (weight, KpiCatalogue.Read(kpi, context));
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
