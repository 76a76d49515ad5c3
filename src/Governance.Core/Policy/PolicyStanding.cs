using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Catalogue;
using Governance.Core.Consents;

namespace Governance.Core.Policy;

/// <summary>Says where an app stands with the policy; everything is derived anew and no entry is ever changed.</summary>
public static class PolicyStanding
{
    /// <param name="today">Day of the judgement in UTC.</param>
    /// <param name="opens">Kinds of data that a permission opens.</param>
    /// <param name="evidence">
    /// What was read. A bound that cannot be assessed does not count as kept: the state stays what it was by the same approval, and
    /// nothing becomes approved.
    /// </param>
    public static Standing Of(
        ConsentedApp app,
        Classification classification,
        GovernancePolicy policy,
        DateOnly today,
        Func<HeldPermission, IEnumerable<string>> opens,
        StandingEvidence evidence)
    {
        // An owner that was not read does not lift a denial.
        var denial = policy.Denied.FirstOrDefault(denied => Names(denied.Tool, app, classification) && ApprovalBounds.OwnerFits(denied.Tool, app) != false);
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
        var without = UnderReview(reviews.FirstOrDefault(review => Counts(review.Tool, proven) && ApprovalBounds.OwnerFits(review.Tool, app) == true))
            ?? Unapproved(classification, [.. approvals.Select(approval => approval.Tool), .. reviews.Select(review => review.Tool)]);
        var bounds = new ApprovalBounds(policy.Departments, opens, evidence);
        return Best(
            [.. approvals.Where(approval => Counts(approval.Tool, proven)).Select(approval => Judge(app, approval, bounds, today))], without, evidence.Earlier);
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

    private static bool Proven(Classification classification) =>
        classification.Lookalike is null && classification.Ai.Proof >= IdentityProof.Domain;

    /// <summary>An entry by name is worth nothing to an app that merely calls itself so.</summary>
    private static bool Counts(ToolReference tool, bool proven) => tool.AppId is not null || proven;

    /// <summary>The most favourable of several entries for one tool: one that holds, else one gone beyond, else one that ended.</summary>
    /// <param name="entries">One that could not be assessed says so and is worded as if it held.</param>
    /// <param name="without">Where the app stands when no entry counts.</param>
    private static Standing Best(ImmutableArray<Standing> entries, Standing without, Standing? earlier)
    {
        var settled = entries.Where(standing => !standing.Unconfirmed).OrderBy(Rank).FirstOrDefault() ?? without;
        var open = entries.Where(standing => standing.Unconfirmed).ToImmutableArray();
        if (settled.State == GovernanceState.Approved || open.IsEmpty)
        {
            return settled;
        }

        var known = earlier switch
        {
            { State: GovernanceState.Approved } when open.Any(entry => entry.Approval == earlier.Approval) => earlier,
            { State: GovernanceState.Drifted or GovernanceState.Expired } => earlier,
            _ when settled.State == GovernanceState.Unapproved => new Standing(settled.State, "an approval names it, but whether its bounds are kept could not be assessed", open[0].Approval),
            _ => settled,
        };
        return known with { NotAssessed = open[0].NotAssessed };
    }

    private static int Rank(Standing standing) => standing.State switch
    {
        GovernanceState.Approved => 0,
        GovernanceState.Drifted => 1,
        _ => 2,
    };

    private static Standing Judge(ConsentedApp app, ToolApproval approval, ApprovalBounds bounds, DateOnly today)
    {
        var name = approval.Tool.Name;
        if (approval.ExpiresOn is { } end && end < today)
        {
            return new Standing(GovernanceState.Expired, $"the approval ended on {Day(end)}", name);
        }

        var (beyond, notAssessed) = bounds.Compare(app, approval);
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
            name)
        {
            NotAssessed = notAssessed.IsEmpty ? null : string.Join(", ", notAssessed),
        };
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
