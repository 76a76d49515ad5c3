using System.Collections.Immutable;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans.Decisions;

/// <param name="Records">Other records that named the person; see <see cref="IPersonalRecords.EraseTracesAsync"/>.</param>
/// <param name="Texts">Texts taken from beside ledger entries.</param>
/// <param name="NameKept">True when a name was kept, which is gone now.</param>
public sealed record Erasure(int Inventories, int Records, int Texts, bool NameKept);

/// <summary>The workflow of an erasure: inventories, the program's own records, texts by or about the person, names; and one entry that says so.</summary>
/// <remarks>The entries stay with the person's pseudonym in them, which says nothing to anyone without both the key and the identity.</remarks>
public sealed class ErasePerson(IDecisionLedger ledger, IPersons persons, IPersonalRecords records, TimeProvider time)
{
    private const int Attempts = 20;

    /// <param name="identity">Object id of a user, or a name under which someone acted.</param>
    public async Task<Erasure> RunAsync(Guid tenantId, string identity, Person by, CancellationToken cancellationToken)
    {
        if (identity.Trim().Length < 3)
        {
            throw new ActRefusedException("name the person by an object id or a whole name");
        }

        var person = await persons.OfAsync(tenantId, identity, cancellationToken).ConfigureAwait(false);
        var names = await persons.NamesAsync(tenantId, cancellationToken).ConfigureAwait(false);

        // Who came with a token is known by tenant and object id together: the same person all the same.
        person = person with { Earlier = [.. person.Earlier, .. names.Where(name => new NamedPerson(identity).Is(name.Value)).Select(name => name.Key)] };
        var inventories = Guid.TryParse(identity, out var id) ? await records.EraseUserAsync(tenantId, id, cancellationToken).ConfigureAwait(false) : 0;
        var traces = await records.EraseTracesAsync(tenantId, identity.Trim(), cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
            ImmutableArray<long> parts = [.. record.Entries.Where(entry => Concerns(entry, person, identity.Trim())).Select(entry => entry.Entry.Sequence)];
            var draft = new LedgerDraft(
                time.GetUtcNow(), by.Pseudonym, LedgerKinds.Erased, person.Pseudonym,
                Facts.Of(
                    (LedgerKinds.PartsFact, string.Join(' ', parts.Select(Facts.Number))),
                    ("inventories", Facts.Number(inventories)),
                    ("before", "kept"),
                    ("after", "erased")),
                null);
            try
            {
                await ledger.TakePartsAsync(tenantId, record.Head, parts, draft, cancellationToken).ConfigureAwait(false);
            }
            catch (LedgerMovedException) when (attempt < Attempts)
            {
                continue;
            }

            await persons.ForgetAsync(tenantId, person, cancellationToken).ConfigureAwait(false);
            return new Erasure(inventories, traces, parts.Length, person.Earlier.Append(person.Pseudonym).Any(names.ContainsKey));
        }
    }

    /// <summary>What the person wrote, and whatever names them in any of the ways in which an id is written.</summary>
    private static bool Concerns(VerifiedEntry entry, Person person, string identity) =>
        entry.Part is { } part && (person.Is(entry.Entry.Actor) || new NamedPerson(identity).StandsIn(part));
}
