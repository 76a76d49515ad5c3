using System.Collections.Immutable;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Scans.Revocations;

/// <summary>The workflow of an undo: puts back what an order took away, with the same scopes, principal and resource.</summary>
/// <remarks>It never asks for a fresh consent: that would give the developer's default set, not what was there.</remarks>
public sealed class UndoRevocation(IDecisionLedger ledger, IConsentWriter writer, TimeProvider time)
{
    /// <exception cref="ActRefusedException">Nothing is left to put back, or the undo records were erased.</exception>
    /// <exception cref="LedgerBrokenException">The ledger does not hold.</exception>
    public async Task<RevocationReport> RunAsync(Guid tenantId, string orderId, Person by, bool dryRun, CancellationToken cancellationToken)
    {
        var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
        var order = record.Order(orderId);
        var places = order.Done.Where(done => done.Value == "revoked" && !order.Restored.Contains(done.Key)).Select(done => done.Key).ToImmutableArray();
        if (places.IsEmpty)
        {
            throw new ActRefusedException($"order {order.Id} took nothing away that could be put back");
        }

        if (places.Any(place => order.Undo.GetValueOrDefault(place) is null))
        {
            throw new ActRefusedException("an undo record was erased with a person in it; it cannot be put back");
        }

        var take = dryRun ? null : RevocationActs.Take(order, by, time.GetUtcNow());
        var answers = await writer.TenantAsync(cancellationToken).ConfigureAwait(false);
        if (answers != tenantId)
        {
            throw new ActRefusedException($"the order is for tenant {tenantId}, but tenant {answers} answers");
        }

        if (take is null)
        {
            return new RevocationReport(order.Id, true, [.. places.Select(place => (order.Undo[place]!, "wouldRestore"))], null, false);
        }

        var log = new OrderLog(ledger, tenantId, order.Id, record.Head);
        return await log.AloneAsync(
            take,
            () => RevocationActs.Release(order, by, time.GetUtcNow()),
            () => RestoreAsync(log, order, places, by, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<RevocationReport> RestoreAsync(
        OrderLog log, RevocationOrder order, ImmutableArray<int> places, Person by, CancellationToken cancellationToken)
    {
        var outcomes = ImmutableArray.CreateBuilder<(RevocationItem, string)>();
        foreach (var place in places)
        {
            var item = order.Undo[place]!;
            await log.IntendAsync(RevocationActs.Item(order, by, LedgerKinds.UndoIntended, place, "revoked", "toRestore", time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            var answer = await writer.CreateAsync(item, cancellationToken).ConfigureAwait(false);
            var back = await HeldAgainAsync(order, item).ConfigureAwait(false);
            if (back is null or false)
            {
                var why = back is null ? $"{answer.Why}; and it could not be read back" : answer.Outcome == WriteOutcome.Done ? "not there when read back" : answer.Why;
                await log.RecordAsync(RevocationActs.Item(order, by, LedgerKinds.UndoFailed, place, "toRestore", back is null ? "unknown" : "revoked", time.GetUtcNow(), why: why)).ConfigureAwait(false);
                outcomes.Add((item, "failed"));
                return new RevocationReport(order.Id, false, outcomes.ToImmutable(), why, answer.Outcome == WriteOutcome.AccessDenied);
            }

            outcomes.Add((item, "restored"));
            await log.RecordAsync(RevocationActs.Item(order, by, LedgerKinds.UndoDone, place, "revoked", "restored", time.GetUtcNow())).ConfigureAwait(false);
        }

        await log.RecordAsync(RevocationActs.Release(order, by, time.GetUtcNow())).ConfigureAwait(false);

        return new RevocationReport(order.Id, false, outcomes.ToImmutable(), null, false);
    }

    /// <returns>Null when it could not be read.</returns>
    private async Task<bool?> HeldAgainAsync(RevocationOrder order, RevocationItem item)
    {
        try
        {
            var held = await writer.HeldByAsync(order.ServicePrincipalId, CancellationToken.None).ConfigureAwait(false);
            return held.Any(item.SameAs);
        }
        catch (Exception fault) when (fault is TenantAccessDeniedException or SourceUnreachableException)
        {
            return null;
        }
    }
}
