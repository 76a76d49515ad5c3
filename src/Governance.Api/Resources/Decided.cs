using System.Globalization;
using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary>What people decided up to now, for answers that show it: decisions do not wait for the next scan.</summary>
internal static class Decided
{
    /// <returns>The facts with the decisions, and what tells one state of the ledger from another; null where this head keeps none.</returns>
    public static async Task<(StoredFacts Facts, string? State)> OfAsync(ApiCall call, StoredFacts facts)
    {
        if (call.Api.Decisions is not { } stores)
        {
            return (facts, null);
        }

        var known = await facts.WithDecisionsAsync(stores.Ledger, call.Aborted).ConfigureAwait(false);
        return (known, known.Digest.Record is { } record ? string.Create(CultureInfo.InvariantCulture, $"{record.Head.Count} {record.Head.Hash}") : "unsound");
    }
}
