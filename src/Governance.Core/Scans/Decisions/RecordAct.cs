using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans.Decisions;

/// <summary>The workflow of every act of a person: look at what is recorded, judge the act by it, write it down.</summary>
/// <param name="mark">Of the request that asks for the act; an act that bears it is done already. Null for none.</param>
public sealed class RecordAct(IDecisionLedger ledger, string? mark = null)
{
    /// <summary>Name of the fact that holds the mark.</summary>
    private const string MarkFact = "mark";

    /// <summary>Times an act is judged anew when others act at the same moment.</summary>
    private const int Judgements = 200;

    /// <param name="act">Judges the act by the record and gives its entry; called again when the record has grown meanwhile.</param>
    /// <returns>The record with the act in it.</returns>
    /// <exception cref="Policy.ActRefusedException">The rules do not allow it.</exception>
    /// <exception cref="LedgerBrokenException">The ledger does not hold: nothing may be built on it.</exception>
    public async Task<GovernanceRecord> RunAsync(Guid tenantId, Func<GovernanceRecord, LedgerDraft> act, CancellationToken cancellationToken)
    {
        for (var judgement = 1; ; judgement++)
        {
            var record = GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
            if (mark is not null && record.Entries.Any(entry => entry.Entry.Fact(MarkFact) == mark))
            {
                return record;
            }

            var draft = act(record);
            draft = mark is null ? draft : draft with { Facts = draft.Facts.SetItem(MarkFact, mark) };
            try
            {
                await ledger.AppendAsync(tenantId, record.Head, [draft], cancellationToken).ConfigureAwait(false);
                return GovernanceRecord.Of(await ledger.ReadAsync(tenantId, cancellationToken).ConfigureAwait(false));
            }
            catch (LedgerMovedException) when (judgement < Judgements)
            {
                // Someone else acted meanwhile: the act is judged again by what now stands.
            }
        }
    }
}
