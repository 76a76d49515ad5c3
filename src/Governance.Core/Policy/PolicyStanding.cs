using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Catalogue;
using Governance.Core.Consents;

namespace Governance.Core.Policy;

/// <summary>Says where an app stands with the policy; everything is derived anew and no entry is ever changed.</summary>
public static class PolicyStanding
{
    /// <param name="today">Day of the judgement in UTC.</param>
    /// <param name="opens">Kinds of data that a permission opens; null leaves data categories out of the judgement.</param>
    public static Standing Of(
        ConsentedApp app, Classification classification, GovernancePolicy policy, DateOnly today, Func<HeldPermission, IEnumerable<string>>? opens = null)
    {
        var denial = policy.Denied.FirstOrDefault(denied => Names(denied.Tool, app, classification) && OwnerFits(denied.Tool, app));
        if (denial is not null)
        {
            return new Standing(GovernanceState.Denied, denial.Reason, denial.Tool.Name);
        }

        var approvals = policy.Approved.Where(approval => Names(approval.Tool, app, classification)).ToImmutableArray();
        var reviews = policy.UnderReview.Where(review => Names(review.Tool, app, classification)).ToImmutableArray();
        if (!classification.Ai.IsAi && approvals.IsEmpty && reviews.IsEmpty)
        {
            return new Standing(GovernanceState.NotApplicable, NotGoverned(classification.Ai.Verdict), null);
        }

        var proven = Proven(classification);
        return Best(app, [.. approvals.Where(approval => Counts(approval.Tool, proven))], policy, today, opens)
            ?? UnderReview(reviews.FirstOrDefault(review => Counts(review.Tool, proven) && OwnerFits(review.Tool, app)))
            ?? Unapproved(classification, [.. approvals.Select(approval => approval.Tool), .. reviews.Select(review => review.Tool)]);
    }

    private static string NotGoverned(AiVerdict verdict) => verdict switch
    {
        AiVerdict.AiFeature => "AI is a feature of it and the policy does not name it",
        AiVerdict.NotAi => "not an AI tool",
        _ => "nothing shows that it is an AI tool",
    };

    /// <summary>An app id decides when there is one; else the product's name.</summary>
    private static bool Names(ToolReference tool, ConsentedApp app, Classification classification) => tool.AppId is { } appId
        ? app.Principal.AppId == appId
        : tool.Tool is { } name && string.Equals(name, classification.Ai.Product, StringComparison.OrdinalIgnoreCase);

    private static bool OwnerFits(ToolReference tool, ConsentedApp app) =>
        tool.OwnerTenantId is null || tool.OwnerTenantId == app.Principal.OwnerTenantId;

    private static bool Proven(Classification classification) =>
        classification.Lookalike is null && classification.Ai.Proof >= IdentityProof.Domain;

    /// <summary>An entry by name is worth nothing to an app that merely calls itself so.</summary>
    private static bool Counts(ToolReference tool, bool proven) => tool.AppId is not null || proven;

    /// <summary>The most favourable of several entries for one tool: one that holds, else one gone beyond, else one that ended.</summary>
    private static Standing? Best(
        ConsentedApp app, ImmutableArray<ToolApproval> approvals, GovernancePolicy policy, DateOnly today, Func<HeldPermission, IEnumerable<string>>? opens) => approvals
        .Select(approval => Judge(app, approval, policy, today, opens))
        .OrderBy(standing => standing.State switch
        {
            GovernanceState.Approved => 0,
            GovernanceState.Drifted => 1,
            _ => 2,
        })
        .FirstOrDefault();

    private static Standing Judge(
        ConsentedApp app, ToolApproval approval, GovernancePolicy policy, DateOnly today, Func<HeldPermission, IEnumerable<string>>? opens)
    {
        var name = approval.Tool.Name;
        if (approval.ExpiresOn is { } end && end < today)
        {
            return new Standing(GovernanceState.Expired, $"the approval ended on {Day(end)}", name);
        }

        var beyond = Beyond(app, approval, policy, opens).ToImmutableArray();
        if (!beyond.IsEmpty)
        {
            return new Standing(GovernanceState.Drifted, $"beyond its approval: {string.Join("; ", beyond)}", name);
        }

        return new Standing(
            GovernanceState.Approved,
            (approval.ExpiresOn, approval.ApprovedOn) switch
            {
                ({ } until, _) => $"approved until {Day(until)}",
                (null, { } since) => $"approved on {Day(since)}",
                _ => "approved",
            },
            name);
    }

    /// <summary>What the app holds that the approval does not cover, in fixed order.</summary>
    /// <remarks>
    /// A consent for everyone reaches every department, so departments are compared only where consents or assignments name
    /// single users. Application permissions open the whole tenant: they need <c>tenantWide</c> or to be named.
    /// </remarks>
    private static IEnumerable<string> Beyond(
        ConsentedApp app, ToolApproval approval, GovernancePolicy policy, Func<HeldPermission, IEnumerable<string>>? opens)
    {
        if (!OwnerFits(approval.Tool, app))
        {
            yield return $"registered in tenant {app.Principal.OwnerTenantId?.ToString() ?? "unknown"}, approved for {approval.Tool.OwnerTenantId}";
        }

        if (approval.Permissions is { } permitted)
        {
            var allowed = permitted.ToHashSet(StringComparer.OrdinalIgnoreCase);
            var extra = app.Permissions.Select(held => held.Value).Where(value => !allowed.Contains(value))
                .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToImmutableArray();
            if (!extra.IsEmpty)
            {
                yield return $"permissions {string.Join(", ", extra)}";
            }
        }

        if (!approval.TenantWide && app.Reach.TenantWide)
        {
            yield return "tenant-wide consent";
        }

        if (!approval.TenantWide && approval.Permissions is null && app.HoldsApplicationPermission)
        {
            yield return $"application permissions {string.Join(", ", app.Application.Select(held => held.Value).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))}";
        }

        if (approval.Departments is { } departments && (!app.Reach.TenantWide || app.Principal.AssignmentRequired))
        {
            var allowed = departments.Select(department => policy.Departments.NameOf(department) ?? department).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var others = app.Reach.ByDepartment.Keys.Where(department => !allowed.Contains(department)).ToImmutableArray();
            if (!others.IsEmpty)
            {
                yield return $"used in {string.Join(", ", others)}";
            }
        }

        if (approval.DataCategories is { } categories && opens is not null)
        {
            var more = app.Permissions.SelectMany(opens).Except(categories, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToImmutableArray();
            if (!more.IsEmpty)
            {
                yield return $"opens data of the kind {string.Join(", ", more)}";
            }
        }
    }

    private static Standing? UnderReview(ToolReview? review) => review is null ? null : new Standing(
        GovernanceState.UnderReview,
        review.DueOn is { } due ? $"under review, due on {Day(due)}" : "under review",
        review.Tool.Name);

    private static Standing Unapproved(Classification classification, ImmutableArray<ToolReference> named)
    {
        if (named.FirstOrDefault(tool => tool.AppId is null) is not { } entry || Proven(classification))
        {
            return new Standing(GovernanceState.Unapproved, "no approval names it", null);
        }

        return new Standing(
            GovernanceState.Unapproved,
            classification.Lookalike is null
                ? $"the policy's entry for {entry.Name} does not count: the app's identity is not proven"
                : $"the policy's entry for {entry.Name} does not count: the app only looks like it",
            null);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
