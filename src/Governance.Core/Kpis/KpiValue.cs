using System.Collections.Immutable;

namespace Governance.Core.Kpis;

public enum Trend
{
    /// <summary>There is no earlier value to compare with, or one of the two is incomplete.</summary>
    None,
    Up,
    Down,
    Flat,
}

/// <summary>One KPI at one scan.</summary>
/// <param name="Id">Kebab-case id.</param>
/// <param name="Value">Null when not available; never 0 for lack of data.</param>
/// <param name="Unit"><c>count</c>, <c>percent</c> (0 to 100), <c>hours</c>, <c>index</c> (0 to 100), <c>users</c> or <c>money</c>.</param>
/// <param name="Target">From the policy; null when none is set.</param>
/// <param name="Previous">Value of the last complete scan before; null when there is none.</param>
/// <param name="SampleSize">Things it was computed over.</param>
/// <param name="DefinitionVersion">Grows when the meaning changes.</param>
/// <param name="Complete">False when a part it rests on was not read whole.</param>
/// <param name="Note">Why it is not available or not complete; null when it is both.</param>
public sealed record KpiValue(
    string Id,
    decimal? Value,
    string Unit,
    decimal? Target,
    decimal? Previous,
    Trend Trend,
    int SampleSize,
    int DefinitionVersion,
    bool Complete,
    string? Note)
{
    /// <summary>What stands behind the value, such as percentiles or the parts of an index; empty when nothing does.</summary>
    public ImmutableArray<KpiPart> Parts { get; init; } = [];

    /// <summary>The same value compared with an earlier one.</summary>
    /// <param name="earlier">Null when there is none; one of another definition is none.</param>
    public KpiValue Against(KpiValue? earlier)
    {
        var before = earlier is not null && earlier.Id == Id && earlier.DefinitionVersion == DefinitionVersion ? earlier : null;
        return this with { Previous = before?.Value, Trend = Complete && before is { Complete: true } ? TrendOf(Value, before.Value) : Trend.None };
    }

    internal static Trend TrendOf(decimal? value, decimal? previous) => (value, previous) switch
    {
        ({ } now, { } before) when now > before => Trend.Up,
        ({ } now, { } before) when now < before => Trend.Down,
        ({ }, { }) => Trend.Flat,
        _ => Trend.None,
    };
}

/// <summary>A number behind a KPI value.</summary>
/// <param name="Name">Kebab-case name; for a part of the index the id of the KPI it comes from.</param>
/// <param name="Value">In the KPI's unit; for a part of the index its score from 0 to 100.</param>
/// <param name="Weight">Share of the index from 0 to 1; null for numbers that are not weighed.</param>
public readonly record struct KpiPart(string Name, decimal Value, decimal? Weight = null);
