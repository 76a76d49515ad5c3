using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Api.Report.Charts;

/// <summary>One bar: what it stands for, its number in words, and the pieces it is made of.</summary>
/// <remarks>Public, as its neighbours here, because Razor's components are.</remarks>
public sealed record BarRow(string Label, string Value, ImmutableArray<BarPiece> Pieces)
{
    public decimal Length => Pieces.Sum(piece => piece.Size);
}

/// <param name="Look">Name of the style: an approval state.</param>
/// <param name="Name">What the piece stands for, in words.</param>
/// <param name="Value">Its number in words.</param>
/// <param name="Size">Its length, not below 0.</param>
public sealed record BarPiece(string Look, string Name, string Value, decimal Size);

/// <summary>The bars of the report.</summary>
internal static class BarRows
{
    /// <summary>Departments with a bar of their own; the rest is one bar.</summary>
    private const int MostDepartments = 10;

    public static ImmutableArray<BarRow> OfStates(ReportView view) =>
    [
        .. ByState(view.InUse).Select(state => new BarRow(
            view.Words.State(state.Key.State, state.Key.Unconfirmed), view.Number(state.Count()), [Piece(view, state)])),
    ];

    /// <summary>AI tools by what they can open, each bar split by approval state.</summary>
    public static ImmutableArray<BarRow> OfData(ReportView view) =>
    [
        .. from category in Enum.GetValues<DataCategory>()
           let tools = view.InUse.Where(app => app.Permissions.Any(held => held.Rating.Categories.Contains(category))).ToArray()
           where tools.Length > 0
           orderby tools.Length descending, category
           select new BarRow(
               view.Text($"data.{category}"),
               view.Number(tools.Length),
               [.. ByState(tools).Select(state => Piece(view, state))]),
    ];

    /// <summary>People that AI tools reach, once for each tool, split into approved and not; small departments are summed up.</summary>
    public static ImmutableArray<BarRow> OfDepartments(ReportView view)
    {
        var groups = DepartmentReach.Of(view);
        var own = groups.Where(group => group.Own).Take(MostDepartments).ToArray();
        var rest = groups.Except(own).ToArray();
        return
        [
            .. own.Select(group => Row(view, group.Name, group.Unapproved, group.Approved)),
            .. rest.Length == 0 ? Array.Empty<BarRow>() :
                [Row(view, view.Text(rest.Any(group => group.Small) ? "report.small" : "report.others"), rest.Sum(group => group.Unapproved), rest.Sum(group => group.Approved))],
        ];
    }

    private static BarRow Row(ReportView view, string name, int unapproved, int approved) => new(
        name,
        view.Words.Figure(unapproved + approved, "users"),
        [
            .. unapproved > 0 ? [People(view, "Unapproved", "report.not-approved", unapproved)] : Array.Empty<BarPiece>(),
            .. approved > 0 ? [People(view, "Approved", "state.Approved", approved)] : Array.Empty<BarPiece>(),
        ]);

    private static BarPiece People(ReportView view, string look, string key, int count) =>
        new(look, view.Text(key), view.Words.Figure(count, "users"), Math.Max(count, view.Facts.Policy.SmallestGroupShown));

    private static IEnumerable<IGrouping<(GovernanceState State, bool Unconfirmed), AssessedApp>> ByState(IEnumerable<AssessedApp> apps) =>
        apps.GroupBy(app => (app.Standing.State, app.Standing.Unconfirmed)).OrderBy(state => DigestWords.Rank(state.Key.State)).ThenBy(state => state.Key.Unconfirmed);

    /// <remarks>What is not confirmed has no colour of its own.</remarks>
    private static BarPiece Piece(ReportView view, IGrouping<(GovernanceState State, bool Unconfirmed), AssessedApp> state) => new(
        (state.Key.Unconfirmed ? GovernanceState.NotApplicable : state.Key.State).ToString(),
        view.Words.State(state.Key.State, state.Key.Unconfirmed),
        view.Number(state.Count()),
        state.Count());
}
