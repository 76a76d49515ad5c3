using System.Collections.Immutable;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans;

/// <summary>What digests and reports are made of: the state after the last scan, and how the figures got there.</summary>
/// <param name="History">KPI values by scan, oldest first, the last scan included.</param>
public sealed record StoredFacts(TenantState State, DigestInput Digest, ImmutableArray<ScanKpis> History, GovernancePolicy Policy)
{
    /// <summary>Scans whose figures are shown as history.</summary>
    private const int Scans = 90;

    public static async Task<StoredFacts> ReadAsync(TenantState state, GovernancePolicy policy, IScanStore store, CancellationToken cancellationToken)
    {
        var scan = state.LastScan;
        var history = await store.KpisAsync(scan.TenantId, Scans, cancellationToken).ConfigureAwait(false);
        var events = await store.EventsAsync(scan.TenantId, scan.Id, cancellationToken).ConfigureAwait(false);
        var digest = new DigestInput(
            scan.TenantName, scan.StartedAt, scan.Generation == 1, scan.Parts, state.Apps, state.Findings, events, state.Kpis, policy);
        return new StoredFacts(state, digest, [.. history.Reverse()], policy);
    }

    /// <summary>The same facts with what people decided up to now; an unsound ledger leaves <see cref="DigestInput.Record"/> null.</summary>
    public async Task<StoredFacts> WithDecisionsAsync(IDecisionLedger ledger, CancellationToken cancellationToken)
    {
        var kept = await ledger.ReadAsync(State.LastScan.TenantId, cancellationToken).ConfigureAwait(false);
        GovernanceRecord? record;
        try
        {
            record = GovernanceRecord.Of(kept);
        }
        catch (LedgerBrokenException)
        {
            record = null;
        }

        return this with { Digest = Digest with { Record = record } };
    }

    /// <summary>The same facts, with changes and trends told over a period instead of the last scan alone.</summary>
    /// <param name="period">Key of the period.</param>
    /// <param name="since">When it begins; trends compare with the last complete scan up to then.</param>
    public static async Task<StoredFacts> ReadPeriodAsync(
        TenantState state, GovernancePolicy policy, IScanStore store, string period, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var facts = await ReadAsync(state, policy, store, cancellationToken).ConfigureAwait(false);
        var events = ImmutableArray.CreateBuilder<FindingEvent>();
        foreach (var scan in facts.History.Where(scan => scan.StartedAt > since))
        {
            events.AddRange(await store.EventsAsync(state.LastScan.TenantId, scan.ScanId, cancellationToken).ConfigureAwait(false));
        }

        var before = facts.History.LastOrDefault(scan => scan.StartedAt <= since && scan.Status == ScanStatus.Complete)?.Values ?? [];
        var digest = facts.Digest with
        {
            Period = period,
            Since = since,
            First = facts.History.All(scan => scan.StartedAt > since) && facts.Digest.First,
            Events = Net(events),
            Kpis = [.. state.Kpis.Select(kpi => kpi.Against(before.FirstOrDefault(earlier => earlier.Id == kpi.Id)))],
        };
        return facts with { Digest = digest };
    }

    /// <summary>The same facts, told over the period that the last scan lies in, by the calendar of UTC.</summary>
    public static Task<StoredFacts> ReadPeriodAsync(
        TenantState state, GovernancePolicy policy, IScanStore store, ReportingPeriod period, CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDateTime(state.LastScan.StartedAt.UtcDateTime);
        var since = new DateTimeOffset(ReportingPeriods.FirstDay(period, day), TimeOnly.MinValue, TimeSpan.Zero);
        return ReadPeriodAsync(state, policy, store, ReportingPeriods.KeyOf(period, day), since, cancellationToken);
    }

    /// <summary>Of a finding that opened and ended several times only how it stands at the end is news, and nothing when it came and went.</summary>
    private static ImmutableArray<FindingEvent> Net(IEnumerable<FindingEvent> events) =>
    [
        .. events.Where(change => change.Change is "opened" or "reopened" or "resolved")
            .GroupBy(change => change.FindingId, StringComparer.Ordinal)
            .Select(same => same.OrderBy(change => change.Sequence).ToArray())
            .Where(changes => (changes[0].Change == "resolved") == (changes[^1].Change == "resolved"))
            .Select(changes => changes[^1]),
    ];
}
