using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;

namespace Governance.Core.Digest;

/// <summary>What of the approvals people have to see to, from the policy file and the ledger of decisions.</summary>
/// <param name="Pending">Waits for a decision; what is due first comes first, what has no day last.</param>
/// <param name="Due">Approvals that ended, or whose review or end is near or past; what is due first comes first.</param>
/// <param name="Approvals">Approvals that stand or stood until their end, by name.</param>
public sealed record GovernanceAgenda(ImmutableArray<PendingDecision> Pending, ImmutableArray<DueReview> Due, ImmutableArray<HeldApproval> Approvals)
{
    /// <summary>Days from now within which a review or an end is near.</summary>
    public const int Days = 30;

    /// <param name="record">What people decided; null when their ledger does not hold, so that nothing in it counts.</param>
    public static GovernanceAgenda Of(GovernancePolicy policy, GovernanceRecord? record, ImmutableArray<AssessedApp> apps, DateOnly today)
    {
        var decided = policy.With(record ?? GovernanceRecord.Empty);
        ImmutableArray<ToolApproval> approvals = [.. decided.Approved.Where(approval => !decided.Denied.Any(denial => Same(denial.Tool, approval.Tool)))];
        return new GovernanceAgenda(
            [
                .. Requests(record ?? GovernanceRecord.Empty, apps).Concat(Reviews(policy, apps))
                    .OrderBy(pending => pending.Due ?? DateOnly.MaxValue).ThenBy(pending => pending.App, StringComparer.Ordinal).ThenBy(pending => pending.Request, StringComparer.Ordinal),
            ],
            [
                .. approvals.Select(approval => DueOf(approval, apps, today)).OfType<DueReview>()
                    .OrderBy(due => due.On).ThenBy(due => due.App, StringComparer.Ordinal),
            ],
            [
                .. approvals.Select(approval => new HeldApproval(NameOf(approval.Tool, apps), StateOf(approval.Tool, apps), approval))
                    .OrderBy(held => held.App, StringComparer.OrdinalIgnoreCase).ThenBy(held => held.Approval.ExpiresOn),
            ]);
    }

    private static IEnumerable<PendingDecision> Requests(GovernanceRecord record, ImmutableArray<AssessedApp> apps) =>
        record.Requests.Values.Where(request => request.State == RequestState.Open).Select(request =>
        {
            var tool = new ToolReference(null, request.Scope.AppId, null);
            return new PendingDecision(
                NameOf(tool, apps), StateOf(tool, apps), request.Id, [.. request.MissingRoles], DateOnly.FromDateTime(request.RequestedAt.UtcDateTime), request.DueOn);
        });

    private static IEnumerable<PendingDecision> Reviews(GovernancePolicy policy, ImmutableArray<AssessedApp> apps) =>
        policy.UnderReview.Select(review => new PendingDecision(NameOf(review.Tool, apps), StateOf(review.Tool, apps), null, [], null, review.DueOn));

    /// <summary>One day for each approval: its end when that has passed, else a review that is past or the nearer of the two.</summary>
    private static DueReview? DueOf(ToolApproval approval, ImmutableArray<AssessedApp> apps, DateOnly today)
    {
        (DateOnly Day, bool Ends)[] days =
        [
            .. approval.ExpiresOn is { } end ? new[] { (end, true) } : [],
            .. approval.ReviewBy is { } review ? new[] { (review, false) } : [],
        ];
        var near = days.Where(day => day.Day <= today.AddDays(Days)).OrderByDescending(day => day.Ends && day.Day < today).ThenBy(day => day.Day).ToArray();
        return near.Length == 0 ? null : new DueReview(NameOf(approval.Tool, apps), near[0].Day, near[0].Ends, near[0].Day < today);
    }

    private static string NameOf(ToolReference tool, ImmutableArray<AssessedApp> apps) =>
        tool.AppId is { } id ? apps.FirstOrDefault(app => app.App.Principal.AppId == id)?.App.Principal.Name ?? id.ToString() : tool.Name;

    /// <returns>The standing of the app it means, the riskiest of several; null when none is in the tenant.</returns>
    private static GovernanceState? StateOf(ToolReference tool, ImmutableArray<AssessedApp> apps) =>
        apps.Where(app => tool.AppId is { } id ? app.App.Principal.AppId == id : string.Equals(tool.Tool, app.Classification.Ai.Product, StringComparison.OrdinalIgnoreCase))
            .Where(app => app.Classification.Lookalike is null)
            .OrderByDescending(app => app.Risk.Score).ThenBy(app => app.Id).FirstOrDefault()?.Standing.State;

    private static bool Same(ToolReference one, ToolReference other) =>
        one.AppId is not null ? one.AppId == other.AppId : other.AppId is null && string.Equals(one.Tool, other.Tool, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A tool that waits for a decision.</summary>
/// <param name="State">As the last scan left it; null when it is not in the tenant.</param>
/// <param name="Request">Id of the request; null for a review that the policy file names.</param>
/// <param name="MissingRoles">Roles that have not signed off; empty when all have, and for a review of the policy file.</param>
/// <param name="Since">Null for a review of the policy file.</param>
/// <param name="Due">Null when no day is set.</param>
public sealed record PendingDecision(string App, GovernanceState? State, string? Request, ImmutableArray<string> MissingRoles, DateOnly? Since, DateOnly? Due);

/// <param name="Ends">True for the end of the approval, false for its review.</param>
/// <param name="Past">True when the day has passed.</param>
public sealed record DueReview(string App, DateOnly On, bool Ends, bool Past);

/// <param name="State">As the last scan left the tool; null when it is not in the tenant.</param>
public sealed record HeldApproval(string App, GovernanceState? State, ToolApproval Approval);
