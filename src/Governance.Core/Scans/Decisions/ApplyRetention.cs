using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Scans.Decisions;

/// <summary>The workflow of retention: each kind of record goes when it is older than the policy keeps it.</summary>
/// <remarks>
/// Ledger entries stay for good; the texts beside them and the names of those who acted go. What still counts keeps its text:
/// the decision on an app, an open request, a mute that holds, an order that can still be undone.
/// </remarks>
public sealed class ApplyRetention(IDecisionLedger ledger, IPersons persons, IPersonalRecords records, TimeProvider time)
{
    private const int Tries = 20;

    /// <exception cref="LedgerBrokenException">The ledger does not hold; nothing was removed.</exception>
    public async Task<RetentionCounts> RunAsync(Guid tenantId, RetentionPeriods periods, Person by, bool dryRun, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var record = await ReadAsync(tenantId, cancellationToken).ConfigureAwait(false);
        var removed = await records.RetainAsync(tenantId, periods, now, dryRun, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TellAsync(tenantId, record, removed, periods, by, now, dryRun, cancellationToken).ConfigureAwait(false);
            }
            catch (LedgerMovedException) when (attempt < Tries)
            {
                // Someone acted meanwhile, so that what still counts may be another.
                record = await ReadAsync(tenantId, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<GovernanceRecord> ReadAsync(Guid tenantId, CancellationToken cancellationToken) =>
        GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes texts and names away, and writes the entry that tells of everything removed.</summary>
    private async Task<RetentionCounts> TellAsync(
        Guid tenantId, GovernanceRecord record, RetentionCounts removed, RetentionPeriods periods, Person by, DateTimeOffset now, bool dryRun, CancellationToken cancellationToken)
    {
        var names = await persons.NamesAsync(tenantId, cancellationToken).ConfigureAwait(false);
        ImmutableArray<long> texts = [];
        string[] people = [];
        if (periods.DecisionTextDays is { } days)
        {
            var end = now.AddDays(-days);
            var needed = Needed(record);
            texts = [.. record.Entries.Where(entry => entry.Part is not null && entry.Entry.At < end && !needed.Contains(entry.Entry.Sequence)).Select(entry => entry.Entry.Sequence)];
            var recent = record.Entries.Where(entry => entry.Entry.At >= end || needed.Contains(entry.Entry.Sequence)).Select(entry => entry.Entry.Actor).Append(by.Pseudonym).ToHashSet(StringComparer.Ordinal);
            people = [.. names.Keys.Where(pseudonym => !recent.Contains(pseudonym) && record.Entries.Any(entry => entry.Entry.Actor == pseudonym))];
        }

        var counts = removed with { Texts = texts.Length, Names = people.Length };
        if (dryRun || counts.Nothing)
        {
            return counts;
        }

        await ledger.TakePartsAsync(tenantId, record.Head, texts, Draft(by, counts, texts, now), cancellationToken).ConfigureAwait(false);
        foreach (var pseudonym in people)
        {
            await persons.ForgetAsync(tenantId, new Person(pseudonym, []), cancellationToken).ConfigureAwait(false);
        }

        return counts;
    }

    private static HashSet<long> Needed(GovernanceRecord record) =>
    [
        .. record.Decisions.Values.Select(decision => decision.Entry),
        .. record.Requests.Values.Where(request => request.State == RequestState.Open).Select(request => long.Parse(request.Id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)),
        .. record.Marks.GroupBy(mark => mark.FindingId).Select(same => same.Last()).Where(mark => mark.Kind == LedgerKinds.Muted).Select(mark => mark.Entry),
        .. record.Entries.Where(entry => record.Orders.TryGetValue(entry.Entry.Subject, out var order) && order.State is OrderState.Planned or OrderState.SignedOff).Select(entry => entry.Entry.Sequence),
    ];

    private static LedgerDraft Draft(Person by, RetentionCounts counts, ImmutableArray<long> texts, DateTimeOffset now) => new(
        now, by.Pseudonym, LedgerKinds.Retained, "tenant",
        Facts.Of(
            (LedgerKinds.PartsFact, string.Join(' ', texts.Select(Facts.Number))),
            ("inventories", Facts.Number(counts.Inventories)),
            ("findings", Facts.Number(counts.Findings)),
            ("kpis", Facts.Number(counts.Kpis)),
            ("names", Facts.Number(counts.Names)),
            ("runs", counts.Runs == 0 ? null : Facts.Number(counts.Runs))),
        null);
}
