using System.Collections.Immutable;
using Governance.Core.Kpis;

namespace Governance.Core.Digest;

public enum DigestAudience
{
    /// <summary>Leaders: a few figures, what changed, what to decide.</summary>
    Executive,

    /// <summary>The security team: findings, risky consents, look-alikes.</summary>
    Security,
}

/// <summary>How a figure or an entry should strike the eye; every sink pairs it with words.</summary>
public enum Tone
{
    Neutral,
    Good,
    Warning,
    Bad,
}

/// <summary>What a message says in one language, before any card or markup.</summary>
/// <param name="Subtitle">Tenant and date.</param>
/// <param name="DataNote">What was not read; null when everything was.</param>
public sealed record DigestContent(
    DigestAudience Audience,
    string Language,
    string Title,
    Wording Subtitle,
    Wording Headline,
    ImmutableArray<DigestTile> Tiles,
    DigestChart? Chart,
    ImmutableArray<DigestSection> Sections,
    ImmutableArray<DigestDecision> Decisions,
    Wording? DataNote,
    string OpenReport)
{
    /// <summary>True for an alert, which cannot wait for the next digest.</summary>
    public bool Urgent { get; init; }

    /// <summary>Most messages that a channel may take for it, where one alone would leave entries out. Default 1.</summary>
    public int MostParts { get; init; } = 1;

    /// <summary>Which message of several this is; null for a digest in one.</summary>
    public DigestPart? Part { get; init; }
}

/// <param name="Number">From 1.</param>
/// <param name="Of">How many there are.</param>
public sealed record DigestPart(int Number, int Of);

/// <summary>One KPI as people read it.</summary>
/// <param name="Value">With unit; the words for "not available" when it is not.</param>
/// <param name="Trend">In words, such as "up from 9".</param>
/// <param name="Target">In words; null when there is none.</param>
/// <param name="Complete">False when data behind it was not read whole.</param>
public sealed record DigestTile(string KpiId, string Label, string Value, Trend Direction, string Trend, string? Target, Tone Tone, bool Complete);

public enum ChartKind
{
    Donut,
    Bars,
}

public sealed record DigestChart(ChartKind Kind, string Title, ImmutableArray<ChartPoint> Points);

public sealed record ChartPoint(string Label, decimal Value, Tone Tone);

/// <summary>A titled list.</summary>
/// <param name="Lines">In order of weight; a sink short of room cuts from the end and says how many more there are.</param>
/// <param name="Total">Entries there are in all; at least the number of lines.</param>
/// <param name="Empty">What to say when there is no line.</param>
public sealed record DigestSection(string Title, ImmutableArray<DigestLine> Lines, int Total, string Empty)
{
    /// <summary>Tells lists apart for a sink that treats them differently: the key of the title; empty when none does.</summary>
    public string Key { get; init; } = string.Empty;

    /// <summary>Entries that no message shows and that are counted here.</summary>
    public int Rest { get; init; } = Total - Lines.Length;

    /// <summary>True when a message before this one began the list.</summary>
    public bool Continued { get; init; }
}

public sealed record DigestLine(Wording Text, Tone Tone);

/// <summary>Something a person should decide.</summary>
/// <param name="Due">Last day by which to decide.</param>
public sealed record DigestDecision(Wording Text, Wording Owner, DateOnly Due, string DueText, Tone Tone)
{
    /// <summary>True when the day has passed; <see cref="DueText"/> then says so.</summary>
    public bool Overdue { get; init; }
}
