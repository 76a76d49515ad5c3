using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class OverdueReviews : IKpi
{
    public string Id => "overdue-reviews";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Reviews past their due day, approvals past their review or expiry day, and pending consent requests past their deadline.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [];

    public KpiReading Measure(KpiContext context)
    {
        var today = context.Today;
        var reviews = context.Policy.UnderReview.Where(review => review.DueOn is not null).ToArray();
        var approvals = context.Policy.Approved.Where(approval => approval.ReviewBy is not null || approval.ExpiresOn is not null).ToArray();
        var requests = context.Inventory.ConsentRequests.Where(request => request.Pending is not 0).ToArray();
        var overdue = reviews.Count(review => review.DueOn < today)
            + approvals.Count(approval => approval.ReviewBy < today || approval.ExpiresOn < today)
            + requests.Count(request => request.OldestPendingAt?.AddDays(context.Thresholds.RequestDeadlineDays) < context.AsOf);
        var undated = requests.Count(request => request.OldestPendingAt is null);
        var read = context.Part(InventoryPart.ConsentRequests).Complete;
        return new KpiReading(overdue, reviews.Length + approvals.Length + requests.Length)
        {
            Whole = read && undated == 0,
            Note = !read ? "pending consent requests were not read whole"
                : undated > 0 ? FormattableString.Invariant($"{undated} pending requests left out: they have no date")
                : null,
        };
    }
}
