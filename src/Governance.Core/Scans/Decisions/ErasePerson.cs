using System.Collections.Immutable;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Text;

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

    /// <summary>Shows what an erasure would remove.</summary>
    /// <param name="identity">Object id of a user, or a whole name or pseudonym that is recorded here.</param>
    /// <exception cref="ActRefusedException">Nothing is kept of such a person.</exception>
    public async Task<ErasurePreview> PreviewAsync(Guid tenantId, string identity, CancellationToken cancellationToken)
    {
        var sought = await SoughtAsync(tenantId, identity, cancellationToken).ConfigureAwait(false);
        return await PreviewAsync(tenantId, sought, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="identity">As for the preview.</param>
    /// <param name="confirmation">Of the preview that was looked at.</param>
    /// <exception cref="ActRefusedException">Nothing is kept of such a person, or it is no longer what the preview showed; nothing was removed.</exception>
    public async Task<Erasure> RunAsync(Guid tenantId, string identity, string confirmation, Person by, CancellationToken cancellationToken)
    {
        var sought = await SoughtAsync(tenantId, identity, cancellationToken).ConfigureAwait(false);
        var preview = await PreviewAsync(tenantId, sought, cancellationToken).ConfigureAwait(false);
        if (preview.Confirmation != confirmation)
        {
            throw new ActRefusedException("this is not the confirmation of what would be removed now; look at it again, nothing was removed");
        }

        var inventories = sought.Named.Id is { } id ? await records.EraseUserAsync(tenantId, id, cancellationToken).ConfigureAwait(false) : 0;
        var traces = await records.EraseTracesAsync(tenantId, sought.Named, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
            var parts = PersonTexts.In(record.Entries, sought.Person, sought.Named).Select(text => text.Sequence).ToImmutableArray();
            var draft = new LedgerDraft(
                time.GetUtcNow(), by.Pseudonym, LedgerKinds.Erased, sought.Person.Pseudonym,
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

            await persons.ForgetAsync(tenantId, sought.Person, cancellationToken).ConfigureAwait(false);
            return new Erasure(inventories, traces.Records, parts.Length, sought.NameKept);
        }
    }

    private async Task<ErasurePreview> PreviewAsync(Guid tenantId, Sought sought, CancellationToken cancellationToken)
    {
        var traces = await records.FindTracesAsync(tenantId, sought.Named, cancellationToken).ConfigureAwait(false);
        var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
        var texts = PersonTexts.In(record.Entries, sought.Person, sought.Named).ToLookup(text => text.Why, text => text.Sequence);
        var preview = new ErasurePreview(
            traces, [.. texts[TextOf.Writer]], [.. texts[TextOf.Mention]], [.. texts[TextOf.Order]], sought.NameKept) { Confirmation = string.Empty };

        // An id names one person wherever it stands; a name that others wrote proves nobody.
        var known = sought.NameKept || traces.Own > 0 || preview.Written.Length > 0
            || (sought.Named.Id is not null && (traces.Mentions > 0 || preview.Texts.Length > 0));
        return known
            ? preview with { Confirmation = preview.ConfirmationFor(tenantId, sought.Named.Form) }
            : throw new ActRefusedException("nothing is kept here of a person with this object id, whole name or pseudonym; nothing was removed") { OfNothing = true };
    }

    private async Task<Sought> SoughtAsync(Guid tenantId, string identity, CancellationToken cancellationToken)
    {
        var names = await persons.NamesAsync(tenantId, cancellationToken).ConfigureAwait(false);
        var given = NameForm.Of(identity);
        var named = new NamedPerson(names.GetValueOrDefault(given, identity));

        // Someone may be known under several pseudonyms: of earlier keys, of other ways of writing the name, and with the tenant of the token before the id.
        var pseudonyms = names.Where(name => named.Is(name.Value)).Select(name => name.Key).ToImmutableArray();
        var person = Pseudonym.Looks(given) && !names.ContainsKey(given)
            ? new Person(given, [])
            : await persons.OfAsync(tenantId, named.Form, cancellationToken).ConfigureAwait(false);
        return new Sought(named, person with { Earlier = [.. person.Earlier.Union(pseudonyms)] }, !pseudonyms.IsEmpty);
    }

    private sealed record Sought(NamedPerson Named, Person Person, bool NameKept);
}
