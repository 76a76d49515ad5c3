using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Consents;
using Governance.Core.Text;

namespace Governance.Core.Policy;

/// <summary>Reads a policy from the nodes of a file and names every mistake with its place.</summary>
/// <remarks>A key that is left out keeps the value of <see cref="GovernancePolicy.BuiltIn"/>; <c>approved</c> must be there.</remarks>
public sealed class PolicyReader
{
    private const string DeniedWithoutReason = "denied by the policy";

    private readonly List<Problem> _problems = [];
    private readonly Func<string, bool> _known;
    private readonly IReadOnlyCollection<string> _kpis;
    private readonly IEnumerable<string> _toolNames;
    private readonly ZoneNames? _zones;

    private PolicyReader(Func<string, bool> known, IReadOnlyCollection<string> kpis, IEnumerable<string> toolNames, ZoneNames? zones)
    {
        _known = known;
        _kpis = kpis;
        _toolNames = toolNames;
        _zones = zones;
    }

    /// <param name="known">True for product names that the catalogue has.</param>
    /// <param name="kpis">Ids of the KPIs that a target may be set for.</param>
    /// <param name="toolNames">Names to propose for one that is not known; none by default.</param>
    /// <param name="zones">Zones that digests may be posted by; null to take any name.</param>
    public static Parsed<GovernancePolicy> Read(
        PolicyNode root, Func<string, bool> known, IReadOnlyCollection<string> kpis, IEnumerable<string>? toolNames = null, ZoneNames? zones = null)
    {
        var reader = new PolicyReader(known, kpis, toolNames ?? [], zones);
        var policy = reader.Policy(root);
        return reader._problems.Count == 0
            ? new Parsed<GovernancePolicy>.Good(policy)
            : new Parsed<GovernancePolicy>.Bad([.. reader._problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }

    private GovernancePolicy Policy(PolicyNode root)
    {
        var builtIn = GovernancePolicy.BuiltIn;
        if (root is not PolicyNode.Map map)
        {
            _problems.Add(new Problem(root.Line, root.Column, $"a policy must be a group of keys, not {root.Form}"));
            return builtIn;
        }

        var fields = new PolicyFields(map, PolicyKeys.Top, _problems);
        CheckVersion(map, fields);
        if (!fields.Has("approved"))
        {
            fields.Note(map, "'approved' is missing; write 'approved: []' when no tool is approved");
        }

        var approved = Items(fields, "approved", PolicyKeys.Approved, Approval);
        var denied = Items(fields, "denied", PolicyKeys.Denied, Denial);
        CheckContradictions(fields, approved, denied);
        var policy = new GovernancePolicy(
            string.Empty,
            fields.Has("departmentsOfInterest") ? Departments(fields) : builtIn.DepartmentsOfInterest,
            [.. approved.Select(item => item.Value)],
            [.. denied.Select(item => item.Value)],
            [.. Items(fields, "underReview", PolicyKeys.UnderReview, Review).Select(item => item.Value)],
            fields.Has("kpiTargets") ? KpiTargets(fields) : builtIn.KpiTargets,
            fields.Id("trainingGroup"))
        {
            DormantAfterDays = fields.Number("dormantAfterDays", 1, 3650) ?? builtIn.DormantAfterDays,
            SmallestGroupShown = fields.Number("smallestGroupShown", 1, 1000) ?? builtIn.SmallestGroupShown,
            SignOffRoles = fields.Has("signOffRoles") ? PolicyRules.Roles(fields) : builtIn.SignOffRoles,
            ReviewPeriods = fields.Has("reviewPeriods") ? PolicyRules.Periods(fields, _problems) : builtIn.ReviewPeriods,
            Revocation = fields.Has("revocation") ? PolicyRules.Limits(fields, _problems) : builtIn.Revocation,
            Retention = fields.Has("retention") ? PolicyRules.Retention(fields, _problems) : builtIn.Retention,
            Digests = DigestSettingReader.Read(fields, _problems, _zones),
            CostScenario = CostScenarioReader.Read(fields, _problems),
        };
        return policy with { Version = PolicyVersion.Of(policy) };
    }

    private static void CheckVersion(PolicyNode.Map map, PolicyFields fields)
    {
        if (!fields.Has("version"))
        {
            fields.Note(map, "'version' is missing; write 'version: 1'");
        }
        else
        {
            fields.Number("version", 1, 1);
        }
    }

    /// <summary>Reads a list whose items are groups of keys, or single texts that name a tool.</summary>
    private List<(PolicyNode Place, T Value)> Items<T>(
        PolicyFields fields, string key, ImmutableArray<string> keys, Func<PolicyFields, ToolReference, T> read)
    {
        var items = new List<(PolicyNode, T)>();
        foreach (var item in List(fields, key))
        {
            if (item is PolicyNode.Map map)
            {
                var own = new PolicyFields(map, keys, _problems);
                items.Add((item, read(own, Tool(own, map))));
            }
            else if (fields.TextOf(item, $"an entry of '{key}'") is { } name)
            {
                CheckKnown(fields, item, name);
                var none = new PolicyFields(new PolicyNode.Map(item.Line, item.Column, []), keys, _problems);
                items.Add((item, read(none, new ToolReference(name, null, null))));
            }
        }

        return items;
    }

    private static ImmutableArray<PolicyNode> List(PolicyFields fields, string key)
    {
        switch (fields.Entry(key)?.Value)
        {
            case null:
                return [];
            case PolicyNode.List list:
                return list.Items;
            case var other:
                fields.Note(other, $"'{key}' must be a list, not {other.Form}; an empty one is written '{key}: []'");
                return [];
        }
    }

    private ToolReference Tool(PolicyFields fields, PolicyNode.Map map)
    {
        var name = fields.Text("tool");
        var appId = fields.Id("appId");
        if (!fields.Has("tool") && !fields.Has("appId"))
        {
            fields.Note(map, "the entry names no app: it needs 'tool' or 'appId'");
        }

        if (name is not null && !fields.Has("appId"))
        {
            CheckKnown(fields, fields.Entry("tool")!.Value, name);
        }

        return new ToolReference(name, appId, fields.Id("ownerTenant"));
    }

    private void CheckKnown(PolicyFields fields, PolicyNode place, string name)
    {
        if (!_known(name))
        {
            fields.Note(place, $"the catalogue has no tool '{PolicyFields.Shown(name)}'{NearestName.Hint(name, _toolNames)}; give its appId as well");
        }
    }

    private static ToolApproval Approval(PolicyFields fields, ToolReference tool)
    {
        var approval = new ToolApproval(
            tool,
            fields.Texts("permissions"),
            fields.Texts("departments"),
            fields.Choice("tenantWide") ?? false,
            fields.Day("approvedOn"),
            fields.Day("reviewBy"),
            fields.Day("expiresOn"),
            fields.Text("owner"),
            fields.Text("conditions"))
        {
            DataCategories = PolicyRules.DataCategories(fields),
        };
        foreach (var (key, day) in new[] { ("reviewBy", approval.ReviewBy), ("expiresOn", approval.ExpiresOn) })
        {
            if (day < approval.ApprovedOn)
            {
                fields.Note(fields.Entry(key)!.Value, $"'{key}' lies before 'approvedOn'");
            }
        }

        return approval;
    }

    private static ToolDenial Denial(PolicyFields fields, ToolReference tool) => new(tool, fields.Text("reason") ?? DeniedWithoutReason);

    private static ToolReview Review(PolicyFields fields, ToolReference tool) => new(tool, fields.Day("dueOn"));

    /// <summary>A denial of one app id beside an approval of the product by name is sense; one of the whole product is not.</summary>
    private static void CheckContradictions(
        PolicyFields fields, List<(PolicyNode Place, ToolApproval Value)> approved, List<(PolicyNode Place, ToolDenial Value)> denied)
    {
        foreach (var (place, denial) in denied)
        {
            var tool = denial.Tool;
            foreach (var (other, approval) in approved)
            {
                var sameId = tool.AppId is not null && tool.AppId == approval.Tool.AppId;
                var sameName = tool.AppId is null && tool.Tool is not null && string.Equals(tool.Tool, approval.Tool.Tool, StringComparison.OrdinalIgnoreCase);
                if (sameId || sameName)
                {
                    fields.Note(place, $"'{PolicyFields.Shown(tool.Name)}' is denied here and approved in line {other.Line}");
                }
            }
        }
    }

    private ImmutableArray<DepartmentOfInterest> Departments(PolicyFields fields)
    {
        var departments = ImmutableArray.CreateBuilder<DepartmentOfInterest>();
        var owner = new Dictionary<string, string>(NameForm.Comparer);
        foreach (var item in List(fields, "departmentsOfInterest"))
        {
            var own = item is PolicyNode.Map map ? new PolicyFields(map, PolicyKeys.Department, _problems) : null;
            if (own is not null && !own.Has("name"))
            {
                own.Note(item, "the department has no 'name'");
            }

            if ((own is null ? fields.TextOf(item, "an entry of 'departmentsOfInterest'") : own.Text("name")) is { } name)
            {
                var aliases = own?.Texts("aliases") ?? [];
                departments.Add(new DepartmentOfInterest(name, aliases));
                foreach (var spelling in aliases.Prepend(name))
                {
                    if (!owner.TryAdd(spelling, name) && owner[spelling] != name)
                    {
                        fields.Note(item, $"'{PolicyFields.Shown(spelling)}' already means the department '{PolicyFields.Shown(owner[spelling])}'");
                    }
                }
            }
        }

        return departments.ToImmutable();
    }

    private ImmutableSortedDictionary<string, decimal> KpiTargets(PolicyFields fields)
    {
        var targets = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        if (fields.Entry("kpiTargets")!.Value is not PolicyNode.Map map)
        {
            var value = fields.Entry("kpiTargets")!.Value;
            fields.Note(value, $"'kpiTargets' must be KPI ids with a number each, not {value.Form}");
            return targets.ToImmutable();
        }

        foreach (var entry in map.Entries)
        {
            if (!_kpis.Contains(entry.Key, StringComparer.Ordinal))
            {
                fields.Note(entry, $"unknown KPI '{PolicyFields.Shown(entry.Key)}'{NearestName.Hint(entry.Key, _kpis)}");
            }
            else if (targets.ContainsKey(entry.Key))
            {
                fields.Note(entry, $"'{entry.Key}' stands twice");
            }
            else if (entry.Value is PolicyNode.Scalar { Quoted: false } scalar
                && decimal.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var target)
                && target <= 1_000_000_000)
            {
                targets.Add(entry.Key, target);
            }
            else
            {
                fields.Note(entry.Value, $"the target of '{entry.Key}' must be a number of 0 or more");
            }
        }

        return targets.ToImmutable();
    }
}
