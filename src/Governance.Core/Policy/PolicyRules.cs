using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>Reads the parts of a policy that say how decisions are made: roles, periods, limits, retention.</summary>
internal static class PolicyRules
{
    private const int LongestRole = 60;

    public static ImmutableArray<string> Roles(PolicyFields fields)
    {
        if (fields.Texts("signOffRoles") is not { } roles)
        {
            return GovernancePolicy.DefaultSignOffRoles;
        }

        if (roles.IsEmpty || roles.FirstOrDefault(role => role.Length > LongestRole) is not null)
        {
            fields.Note(fields.Entry("signOffRoles")!.Value, $"'signOffRoles' must name at least one role, each of at most {LongestRole} characters");
        }

        return roles;
    }

    public static ReviewPeriods Periods(PolicyFields fields, List<Problem> problems)
    {
        if (Group(fields, "reviewPeriods", PolicyKeys.ReviewPeriods, problems) is not { } own)
        {
            return ReviewPeriods.Default;
        }

        var periods = new ReviewPeriods(
            own.Number("requestDays", 1, 365) ?? ReviewPeriods.Default.RequestDays,
            own.Number("reviewDays", 1, 3650) ?? ReviewPeriods.Default.ReviewDays,
            own.Number("approvalDays", 1, 3650) ?? ReviewPeriods.Default.ApprovalDays);
        if (periods.ReviewDays > periods.ApprovalDays)
        {
            own.Note(fields.Entry("reviewPeriods")!.Value, $"'reviewDays' ({periods.ReviewDays}) must not be more than 'approvalDays' ({periods.ApprovalDays})");
        }

        return periods;
    }

    public static RevocationLimits Limits(PolicyFields fields, List<Problem> problems)
    {
        var standard = RevocationLimits.Default;
        return Group(fields, "revocation", PolicyKeys.Revocation, problems) is { } own
            ? new RevocationLimits(
                own.Number("approvers", 1, 5) ?? standard.Approvers,
                own.Number("mostItems", 1, 10_000) ?? standard.MostItems,
                own.Number("mostUsers", 1, 1_000_000) ?? standard.MostUsers,
                own.Number("validDays", 1, 90) ?? standard.ValidDays,
                own.Has("protectedApps") ? own.Ids("protectedApps") : standard.ProtectedApps)
            : standard;
    }

    public static RetentionPeriods Retention(PolicyFields fields, List<Problem> problems) =>
        Group(fields, "retention", PolicyKeys.Retention, problems) is { } own
            ? new RetentionPeriods(
                own.Number("inventoryDays", 1, 3650),
                own.Number("resolvedFindingDays", 30, 36500),
                own.Number("kpiDays", 30, 36500),
                own.Number("decisionTextDays", 1, 36500))
            : RetentionPeriods.Default;

    public static ImmutableArray<string>? DataCategories(PolicyFields fields)
    {
        if (fields.Texts("dataCategories") is not { } categories)
        {
            return null;
        }

        foreach (var category in categories.Where(category => !PolicyKeys.DataCategories.Contains(category, StringComparer.Ordinal)))
        {
            fields.Note(
                fields.Entry("dataCategories")!.Value,
                $"unknown kind of data '{PolicyFields.Shown(category)}'{NearestName.Hint(category, PolicyKeys.DataCategories)}");
        }

        return categories;
    }

    private static PolicyFields? Group(PolicyFields fields, string key, ImmutableArray<string> keys, List<Problem> problems)
    {
        var value = fields.Entry(key)!.Value;
        if (value is PolicyNode.Map map)
        {
            return new PolicyFields(map, keys, problems);
        }

        fields.Note(value, $"'{key}' must be a group of keys, not {value.Form}");
        return null;
    }
}
