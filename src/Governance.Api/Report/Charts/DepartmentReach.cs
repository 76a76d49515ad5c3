using System.Collections.Immutable;
using Governance.Core;
using Governance.Core.Findings;

namespace Governance.Api.Report.Charts;

/// <summary>People of one department that AI tools reach, each counted once for every tool.</summary>
/// <param name="Own">True for a department that may be shown by its name.</param>
/// <param name="Small">True when no single tool reaches as many of its people as the smallest group shown.</param>
internal sealed record DepartmentReach(string? Department, string Name, int Unapproved, int Approved, bool Own, bool Small)
{
    public int People => Unapproved + Approved;

    /// <summary>Largest first; whether a department is small is judged by the largest number any single tool reaches, so that no smaller one slips through.</summary>
    public static ImmutableArray<DepartmentReach> Of(ReportView view)
    {
        var smallest = view.Facts.Policy.SmallestGroupShown;
        var known = view.InUse
            .SelectMany(app => app.App.Reach.ByDepartment.Select(part => (Department: part.Key, part.Value, app.Unapproved)))
            .GroupBy(part => part.Department, StringComparer.Ordinal)
            .Select(parts => Sum(parts.Key, ReportView.Tenant(parts.Key), [.. parts.Select(part => (part.Value, part.Unapproved))], smallest, named: true));
        var unknown = Sum(null, view.Text("report.unattributed"), [.. view.InUse.Select(app => (app.App.Reach.Unattributed, app.Unapproved))], smallest, named: false);
        return
        [
            .. known.Append(unknown).Where(group => group.People > 0)
                .OrderByDescending(group => group.Own).ThenByDescending(group => group.People).ThenBy(group => group.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether the people of an app's department belong to this group.</summary>
    public int In(AssessedApp app) => Department is null
        ? app.App.Reach.Unattributed
        : app.App.Reach.ByDepartment.TryGetValue(Department, out var people) ? people : 0;

    private static DepartmentReach Sum(string? department, string name, (int People, bool Unapproved)[] parts, int smallest, bool named)
    {
        var small = parts.Select(part => part.People).DefaultIfEmpty().Max() < smallest;
        return new DepartmentReach(
            department,
            name,
            parts.Where(part => part.Unapproved).Sum(part => part.People),
            parts.Where(part => !part.Unapproved).Sum(part => part.People),
            named ? !small && TenantText.Plain(department).Length > 0 : !small,
            small);
    }
}
