using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Scans.Decisions;

/// <summary>The workflows of a tenant's pseudonym keys: a new one for pseudonyms to come, and the end of those before it.</summary>
/// <remarks>The ledger does not rest on any key: it verifies whatever becomes of them. Each act has its entry before it is done.</remarks>
public sealed class RotateKey(IDecisionLedger ledger, IPersons persons, TimeProvider time)
{
    /// <summary>Makes a new key; who acted before is still the same person, since earlier keys stay.</summary>
    /// <returns>How many keys there are now.</returns>
    /// <exception cref="ActRefusedException">There is no reason.</exception>
    public async Task<int> RunAsync(Guid tenantId, Person by, string reason, CancellationToken cancellationToken)
    {
        await WriteAsync(tenantId, by, LedgerKinds.KeyRotated, reason, ("before", "key in use"), ("after", "new key"), _ => { }, cancellationToken).ConfigureAwait(false);
        return await persons.RotateAsync(tenantId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Destroys every key but the one in use, with the names kept under them: their pseudonyms can never be joined to anyone again.</summary>
    /// <returns>How many keys were destroyed.</returns>
    /// <exception cref="ActRefusedException">
    /// There is no earlier key, or someone who has a part in what is still open is known by one: nobody could tell any more whether two acts are one person's.
    /// </exception>
    public async Task<int> DestroyEarlierAsync(Guid tenantId, Person by, string reason, GovernancePolicy policy, CancellationToken cancellationToken)
    {
        if (by.Earlier.IsEmpty)
        {
            throw new ActRefusedException("there is one key, which is in use; make a new one first");
        }

        var names = await persons.NamesAsync(tenantId, cancellationToken).ConfigureAwait(false);
        await WriteAsync(
            tenantId, by, LedgerKinds.KeysDestroyed, reason, ("before", "earlier keys kept"), ("after", "destroyed"),
            record => NothingOpen(record, policy, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        var destroyed = await persons.DestroyEarlierKeysAsync(tenantId, cancellationToken).ConfigureAwait(false);
        foreach (var (pseudonym, name) in names)
        {
            if ((await persons.OfAsync(tenantId, name, cancellationToken).ConfigureAwait(false)).Pseudonym != pseudonym)
            {
                await persons.ForgetAsync(tenantId, new Person(pseudonym, []), cancellationToken).ConfigureAwait(false);
            }
        }

        return destroyed;
    }

    /// <summary>Who asked must not sign off, and who planned must not approve: as long as that matters, people must be known again.</summary>
    private static void NothingOpen(GovernanceRecord record, GovernancePolicy policy, DateTimeOffset now)
    {
        string[] open =
        [
            .. record.Requests.Values.Where(request => request.State == RequestState.Open).Select(request => $"request {request.Id}"),
            .. record.Orders.Values.Where(order => RevocationActs.Live(order, policy.Revocation, now)).Select(order => $"order {order.Id}"),
        ];
        if (open.Length > 0)
        {
            throw new ActRefusedException($"{string.Join(", ", open)} still open: who has a part in it could not be known again; decide it first");
        }
    }

    private Task<GovernanceRecord> WriteAsync(
        Guid tenantId, Person by, string kind, string reason, (string Name, string? Value) before, (string Name, string? Value) after, Action<GovernanceRecord> check, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ActRefusedException("a change of keys needs a reason");
        }

        return new RecordAct(ledger).RunAsync(
            tenantId,
            record =>
            {
                check(record);
                return new LedgerDraft(time.GetUtcNow(), by.Pseudonym, kind, "pseudonyms", Facts.Of(before, after), reason.Trim());
            },
            cancellationToken);
    }
}
