using Governance.Core.Consents;

namespace Governance.Microsoft365.Graph;

/// <summary>Says how whole a part is, from how its walk ended.</summary>
internal static class PartJudgement
{
    /// <param name="items">Distinct rows kept.</param>
    /// <param name="distinct">Distinct rows as the source counts them; null when the same as <paramref name="items"/>.</param>
    public static PartReading Of(InventoryPart part, WalkEnd end, long items, RequestMeter meter, long? distinct = null)
    {
        var reasons = Reasons(end, distinct ?? items);
        var status = reasons.Count == 0 ? PartStatus.Complete
            : end.Pages == 0 && end.Fault is { Refusal: true } ? PartStatus.Unavailable
            : PartStatus.Partial;
        var reason = reasons.Count == 0 ? null : string.Join("; ", reasons);
        return new PartReading(part, status, items, end.Expected, end.Pages, meter.Sent, reason, end.LastLink);
    }

    private static List<string> Reasons(WalkEnd end, long distinct)
    {
        var reasons = new List<string>();
        if (end.Reason is not null)
        {
            reasons.Add(end.Reason);
        }

        if (end.Unreadable > 0)
        {
            reasons.Add($"{end.Unreadable} rows unreadable, the first because {end.FirstUnreadable}");
        }

        if (end.Reason is null && end.Expected is { } expected && distinct + end.Unreadable != expected)
        {
            reasons.Add($"count mismatch: {distinct + end.Unreadable} of {expected}");
        }

        if (end is { Reason: null, Uncounted: { } uncounted })
        {
            reasons.Add(uncounted);
        }

        return reasons;
    }
}
