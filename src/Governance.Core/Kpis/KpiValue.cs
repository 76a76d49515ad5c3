namespace Governance.Core.Kpis;

public enum Trend
{
    /// <summary>There is no earlier value to compare with.</summary>
    None,
    Up,
    Down,
    Flat,
}

/// <summary>One KPI at one scan.</summary>
/// <param name="Id">Kebab-case id.</param>
/// <param name="Value">Null when not available; never 0 for lack of data.</param>
/// <param name="Unit"><c>count</c>, <c>percent</c> (0 to 100), <c>hours</c>, <c>index</c> (0 to 100) or <c>users</c>.</param>
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
    string? Note);
