using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

/// <summary>A measure of the tenant at one scan.</summary>
public interface IKpi
{
    /// <summary>Kebab-case; the class name for most.</summary>
    string Id { get; }

    /// <inheritdoc cref="KpiValue" path="/param[@name='Unit']"/>
    string Unit { get; }

    /// <summary>Grows when the meaning changes.</summary>
    int DefinitionVersion { get; }

    bool LowerIsBetter { get; }

    /// <summary>What is counted, over what: one or two sentences for whoever reads the number.</summary>
    string Definition { get; }

    /// <summary>Role that answers for the number: <c>marketing</c>, <c>security</c> or <c>legal</c>.</summary>
    string Owner { get; }

    /// <summary>Parts without which there is no value. Read in half, they leave a count marked incomplete and a share or index without a value.</summary>
    ImmutableArray<InventoryPart> RestsOn { get; }

    /// <summary>True when it counts by which tools are approved.</summary>
    bool CountsApprovals => false;

    /// <summary>Pure: the same facts give the same reading.</summary>
    KpiReading Measure(KpiContext context);
}

/// <summary>What a KPI measured.</summary>
/// <param name="Value">Null when not available; then <paramref name="Note"/> says why.</param>
/// <param name="SampleSize">Things it was computed over.</param>
/// <param name="Note">What a reader must know of it; null when nothing.</param>
public sealed record KpiReading(decimal? Value, int SampleSize, string? Note = null)
{
    /// <summary>False when facts were missing beyond the parts it rests on.</summary>
    public bool Whole { get; init; } = true;

    /// <inheritdoc cref="KpiValue.Parts"/>
    public ImmutableArray<KpiPart> Parts { get; init; } = [];

    /// <summary>The same reading, marked as not whole for one more reason.</summary>
    internal KpiReading Incomplete(string why) => this with { Whole = false, Note = Note is null ? why : $"{Note}; {why}" };

    public static KpiReading NotAvailable(string why) => new(null, 0, why) { Whole = false };

    /// <summary>Nothing is missing, there is just nothing to measure.</summary>
    public static KpiReading NothingToMeasure(string why) => new(null, 0, why);

    /// <returns>Percent with one decimal; nothing to measure when the whole is empty.</returns>
    public static KpiReading Share(int part, int whole, string whenEmpty) =>
        whole == 0 ? NothingToMeasure(whenEmpty) : new KpiReading(decimal.Round(100m * part / whole, 1, MidpointRounding.AwayFromZero), whole);
}
