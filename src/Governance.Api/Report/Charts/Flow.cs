using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Risk;

namespace Governance.Api.Report.Charts;

/// <summary>A place on either side of the flow; y and height in pixels.</summary>
internal sealed record FlowNode(string Name, int People, decimal Y, decimal Height);

/// <summary>A band from a department to a data category; <paramref name="Path"/> has x from 0 to 100 and y in pixels.</summary>
internal sealed record FlowBand(string From, string To, int People, int Look, string Path);

/// <summary>Which departments' people use AI tools that can open which data; a person counts once for every tool.</summary>
internal sealed record Flow(ImmutableArray<FlowNode> Departments, ImmutableArray<FlowNode> Data, ImmutableArray<FlowBand> Bands, int Height)
{
    private const int MostDepartments = 6;
    private const decimal Gap = 14;
    private const decimal Least = 16;
    private const decimal Room = 300;

    public static Flow Of(ReportView view)
    {
        var rest = view.Text("report.others");
        var departments = Sources(view);
        var links = departments
            .SelectMany(from => Enum.GetValues<DataCategory>().Select(to => (From: from.Name, To: to, People: PeopleBetween(view, from.Groups, to))))
            .Where(link => link.People > 0)
            .ToArray();
        var left = Stack([.. departments.Select(from => (from.Name, links.Where(link => link.From == from.Name).Sum(link => link.People)))]);
        var right = Stack(
        [
            .. Enum.GetValues<DataCategory>()
                .Select(to => (Name: view.Text($"data.{to}"), People: links.Where(link => link.To == to).Sum(link => link.People)))
                .OrderByDescending(node => node.People),
        ]);
        var bands = ImmutableArray.CreateBuilder<FlowBand>();
        var usedLeft = left.ToDictionary(node => node.Name, node => node.Y, StringComparer.Ordinal);
        var usedRight = right.ToDictionary(node => node.Name, node => node.Y, StringComparer.Ordinal);
        foreach (var (node, look) in left.Select((node, look) => (node, look)))
        {
            foreach (var other in right)
            {
                var link = links.FirstOrDefault(link => link.From == node.Name && view.Text($"data.{link.To}") == other.Name);
                if (link.People > 0)
                {
                    var (from, to) = (node.Height * link.People / node.People, other.Height * link.People / other.People);
                    bands.Add(new FlowBand(node.Name, other.Name, link.People, node.Name == rest ? 6 : look % 6, Curve(usedLeft[node.Name], from, usedRight[other.Name], to)));
                    usedLeft[node.Name] += from;
                    usedRight[other.Name] += to;
                }
            }
        }

        var bottom = left.Concat(right).Select(node => node.Y + node.Height).DefaultIfEmpty().Max();
        return new Flow(left, right, bands.ToImmutable(), (int)Math.Ceiling(bottom) + 2);
    }

    private static (string Name, DepartmentReach[] Groups)[] Sources(ReportView view)
    {
        var all = DepartmentReach.Of(view);
        var own = all.Where(group => group.Own).Take(MostDepartments).ToArray();
        var rest = all.Except(own).ToArray();
        var names = own.Select(group => (group.Name, Groups: new[] { group })).DistinctBy(group => group.Name).ToArray();
        return rest.Length == 0 ? names : [.. names, (view.Text("report.others"), rest)];
    }

    private static int PeopleBetween(ReportView view, DepartmentReach[] groups, DataCategory category) => view.InUse
        .Where(app => app.Permissions.Any(held => held.Rating.Categories.Contains(category)))
        .Sum(app => groups.Sum(group => group.In(app)));

    private static ImmutableArray<FlowNode> Stack((string Name, int People)[] nodes)
    {
        var shown = nodes.Where(node => node.People > 0).ToArray();
        var total = Math.Max(1, shown.Sum(node => node.People));
        var y = 0m;
        var placed = ImmutableArray.CreateBuilder<FlowNode>();
        foreach (var (name, people) in shown)
        {
            var height = Math.Max(Least, Room * people / total);
            placed.Add(new FlowNode(name, people, y, height));
            y += height + Gap;
        }

        return placed.ToImmutable();
    }

    private static string Curve(decimal leftY, decimal leftHeight, decimal rightY, decimal rightHeight) => string.Create(
        CultureInfo.InvariantCulture,
        $"M0 {leftY:0.#}C50 {leftY:0.#} 50 {rightY:0.#} 100 {rightY:0.#}V{rightY + rightHeight:0.#}C50 {rightY + rightHeight:0.#} 50 {leftY + leftHeight:0.#} 0 {leftY + leftHeight:0.#}Z");
}
