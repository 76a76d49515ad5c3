using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans.Decisions;

/// <summary>The workflow of a re-identification: first the entry that says who asks and why, then the answer.</summary>
public sealed class Reidentify(IDecisionLedger ledger, IPersons persons, TimeProvider time)
{
    /// <param name="inventory">Where user ids are looked for; null when none is kept.</param>
    /// <returns>A name, or a user's object id; null when nobody known has the pseudonym.</returns>
    public async Task<string?> RunAsync(Guid tenantId, string pseudonym, Person by, string reason, Inventory? inventory, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ActRefusedException("a re-identification needs a reason");
        }

        await new RecordAct(ledger).RunAsync(
            tenantId,
            _ => new LedgerDraft(time.GetUtcNow(), by.Pseudonym, LedgerKinds.Reidentified, pseudonym, Facts.Of(("before", "pseudonym"), ("after", "shown")), reason.Trim()),
            cancellationToken).ConfigureAwait(false);
        var names = await persons.NamesAsync(tenantId, cancellationToken).ConfigureAwait(false);
        if (names.TryGetValue(pseudonym, out var name))
        {
            return name;
        }

        var users = inventory?.Users ?? Users.Empty;
        return await persons.FindAsync(tenantId, pseudonym, Enumerable.Range(0, users.Count).Select(row => users[row].Id.ToString("D")), cancellationToken).ConfigureAwait(false);
    }
}
