using System.Collections.Concurrent;
using Governance.Core.Policy.Ledger;

namespace Governance.Api.Http;

/// <summary>Whether each tenant's decision ledger holds, looked at anew once a minute at most: everybody may ask, and the look is at every entry.</summary>
/// <param name="ledger">Null for a head that keeps no decisions: nothing there is broken.</param>
internal sealed class LedgerWatch(IDecisionLedger? ledger, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, (long At, LedgerVerdict Verdict)> _looked = new();

    /// <returns>Null when it holds.</returns>
    public async Task<LedgerVerdict.Broken?> BrokenAsync(Guid tenant, CancellationToken cancellationToken)
    {
        if (ledger is null)
        {
            return null;
        }

        if (!_looked.TryGetValue(tenant, out var known) || time.GetElapsedTime(known.At) > Fresh)
        {
            known = (time.GetTimestamp(), LedgerVerification.Of(await ledger.ReadAsync(tenant, cancellationToken).ConfigureAwait(false)));
            _looked[tenant] = known;
        }

        return known.Verdict as LedgerVerdict.Broken;
    }
}
