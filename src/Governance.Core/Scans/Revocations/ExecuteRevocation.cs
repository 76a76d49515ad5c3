using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Scans.Revocations;

/// <summary>What an execution did, or in a dry run would do.</summary>
/// <param name="Items">Each item with what came of it: <c>wouldRevoke</c>, <c>revoked</c>, <c>alreadyGone</c> or <c>failed</c>.</param>
/// <param name="Stopped">Why not everything was done; null when it was, and in a dry run.</param>
/// <param name="AccessDenied">True when the writer's identity lacks the right: the order stays signed off.</param>
public sealed record RevocationReport(
    string OrderId, bool DryRun, ImmutableArray<(RevocationItem Item, string Outcome)> Items, string? Stopped, bool AccessDenied);

/// <summary>The workflow of a signed-off revocation: check, compare, write the undo record, revoke, read back.</summary>
/// <remarks>
/// Each call has an entry before it, which holds the undo record, and an entry after it, which tells what was read back. If either
/// cannot be written no call is made. An execution takes its order first, so that no other does the same meanwhile. One that broke
/// off can be run again: what is gone is not asked for twice.
/// </remarks>
public sealed class ExecuteRevocation(IDecisionLedger ledger, IConsentWriter writer, TimeProvider time)
{
    private const int Tries = 2;

    /// <summary>It was seen to be there still, or Graph refused to touch it.</summary>
    private const string Held = "held";

    /// <summary>Nobody saw whether it is there.</summary>
    private const string Unknown = "unknown";

    /// <exception cref="ActRefusedException">The order may not be carried out, or what it was made for has changed.</exception>
    /// <exception cref="LedgerBrokenException">The ledger does not hold.</exception>
    public async Task<RevocationReport> RunAsync(
        Guid tenantId, string orderId, Person by, GovernancePolicy policy, bool dryRun, CancellationToken cancellationToken)
    {
        var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
        var plan = RevocationActs.ReadyToExecute(record, orderId, tenantId, policy, time.GetUtcNow());
        var order = record.Order(orderId);
        var take = dryRun ? null : RevocationActs.Take(order, by, time.GetUtcNow());
        var held = await ComparedAsync(record, order, plan, by, dryRun, cancellationToken).ConfigureAwait(false);
        if (take is null)
        {
            return new RevocationReport(order.Id, true, [.. plan.Items.Select(item => (item, held.Contains(item) ? "wouldRevoke" : "alreadyGone"))], null, false);
        }

        var log = new OrderLog(ledger, tenantId, order.Id, record.Head);
        return await log.AloneAsync(
            take,
            () => RevocationActs.Release(order, by, time.GetUtcNow()),
            () => RevokeAllAsync(log, order, plan, held, by, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<RevocationReport> RevokeAllAsync(
        OrderLog log, RevocationOrder order, RevocationPlan plan, HashSet<RevocationItem> held, Person by, CancellationToken cancellationToken)
    {
        var outcomes = ImmutableArray.CreateBuilder<(RevocationItem, string)>();
        for (var at = 0; at < plan.Items.Length; at++)
        {
            var item = plan.Items[at];
            if (order.Done.TryGetValue(at, out var earlier))
            {
                outcomes.Add((item, earlier));
                continue;
            }

            if (order.Undo.ContainsKey(at) && !held.Contains(item))
            {
                // An execution that broke off was about to take it away, and it is away: that is its outcome, so that it can be put back.
                await log.RecordAsync(RevocationActs.Item(order, by, LedgerKinds.RevocationDone, at, "held", "revoked", time.GetUtcNow(), why: "found gone after an execution that broke off")).ConfigureAwait(false);
                outcomes.Add((item, "revoked"));
                continue;
            }

            await log.IntendAsync(RevocationActs.Item(order, by, LedgerKinds.RevocationIntended, at, "held", "toRevoke", time.GetUtcNow(), item), cancellationToken).ConfigureAwait(false);
            var (outcome, why, denied) = await RevokeAsync(plan, item, cancellationToken).ConfigureAwait(false);
            if (outcome is Held or Unknown)
            {
                outcomes.Add((item, "failed"));
                await log.RecordAsync(RevocationActs.Item(order, by, LedgerKinds.RevocationFailed, at, "toRevoke", outcome, time.GetUtcNow(), why: why)).ConfigureAwait(false);
                return new RevocationReport(order.Id, false, outcomes.ToImmutable(), why, denied);
            }

            // The call was made: its outcome is written even when the caller has stopped waiting.
            outcomes.Add((item, outcome));
            await log.RecordAsync(RevocationActs.Item(order, by, LedgerKinds.RevocationDone, at, "held", outcome, time.GetUtcNow(), why: why)).ConfigureAwait(false);
        }

        await log.RecordAsync(RevocationActs.Executed(order, by, time.GetUtcNow())).ConfigureAwait(false);
        return new RevocationReport(order.Id, false, outcomes.ToImmutable(), null, false);
    }

    /// <summary>Compares what the app holds now with the plan; anything but items gone means that nobody signed off this.</summary>
    private async Task<HashSet<RevocationItem>> ComparedAsync(
        GovernanceRecord record, RevocationOrder order, RevocationPlan plan, Person by, bool dryRun, CancellationToken cancellationToken)
    {
        var answers = await writer.TenantAsync(cancellationToken).ConfigureAwait(false);
        if (answers != plan.TenantId)
        {
            throw new ActRefusedException($"the order is for tenant {plan.TenantId}, but tenant {answers} answers");
        }

        var held = await writer.HeldByAsync(plan.ServicePrincipalId, cancellationToken).ConfigureAwait(false);
        var planned = plan.Items.ToDictionary(item => item.Id, StringComparer.Ordinal);
        var changed = held.Count(item => planned.TryGetValue(item.Id, out var before) ? before != item : plan.WholeApp);
        if (changed == 0)
        {
            return [.. held];
        }

        var why = string.Create(CultureInfo.InvariantCulture, $"{changed} grants have changed or are new since the plan; make a new plan and have it signed off");
        if (!dryRun)
        {
            await new OrderLog(ledger, plan.TenantId, order.Id, record.Head).IntendAsync(RevocationActs.Voided(order, by, why, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }

        throw new ActRefusedException(why);
    }

    /// <summary>An answer that says nothing is not repeated before the item was looked for; only what is read back counts.</summary>
    /// <returns><c>revoked</c> or <c>alreadyGone</c>; else <see cref="Held"/> or <see cref="Unknown"/> with the reason.</returns>
    private async Task<(string Outcome, string? Why, bool Denied)> RevokeAsync(RevocationPlan plan, RevocationItem item, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await writer.DeleteAsync(item, cancellationToken).ConfigureAwait(false);
            if (answer.Outcome is WriteOutcome.AccessDenied or WriteOutcome.Refused)
            {
                return (Held, answer.Why, answer.Outcome == WriteOutcome.AccessDenied);
            }

            try
            {
                var held = await writer.HeldByAsync(plan.ServicePrincipalId, CancellationToken.None).ConfigureAwait(false);
                if (held.All(other => other.Id != item.Id))
                {
                    return (answer.Outcome == WriteOutcome.AlreadyGone ? "alreadyGone" : "revoked", answer.Outcome == WriteOutcome.Unknown ? answer.Why : null, false);
                }
            }
            catch (Exception fault) when (fault is TenantAccessDeniedException or SourceUnreachableException)
            {
                return (Unknown, $"{answer.Why}; and it could not be read back: {fault.Message}", fault is TenantAccessDeniedException);
            }

            if (attempt == Tries)
            {
                return (Held, $"still there when read back ({answer.Why})", false);
            }
        }
    }
}
