using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Decisions;

/// <summary>What people did, and days that passed, since the last scan: derived anew at each look over what the scan left, which stays as it is.</summary>
/// <param name="Findings">All findings as they stand now, in the order kept.</param>
/// <param name="Events">What happened to findings since the scan; the next one makes it part of their history.</param>
/// <param name="Standings">Where apps stand now that stood elsewhere at the scan, by service principal.</param>
/// <remarks>
/// Where an app stands is judged here as the next scan would judge it on the same facts. Whether a finding still holds is not: it
/// needs the facts of a scan, as figures and digests do. Until then both stay as the last scan left them.
/// </remarks>
public sealed record SinceScan(ImmutableArray<Finding> Findings, ImmutableArray<FindingEvent> Events, ImmutableDictionary<Guid, Standing> Standings)
{
    /// <summary>Tells apart what was derived from one scan; empty when nothing differs from it.</summary>
    public string Mark { get; private init; } = string.Empty;

    /// <summary>The state as the scan left it: nothing is recorded, or the ledger does not hold.</summary>
    public static SinceScan Nothing(TenantState state) => new(state.Findings, [], ImmutableDictionary<Guid, Standing>.Empty);

    /// <param name="policy">The policy file that the scan was judged by, without recorded decisions.</param>
    public static SinceScan Of(TenantState state, GovernanceRecord record, GovernancePolicy policy, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var marks = record.Marks.ToLookup(mark => mark.FindingId, StringComparer.Ordinal);
        var findings = ImmutableArray.CreateBuilder<Finding>(state.Findings.Length);
        var events = ImmutableArray.CreateBuilder<FindingEvent>();
        foreach (var finding in state.Findings)
        {
            var (marked, happened) = MarkedFinding.Between(finding, marks[finding.Id], today);
            findings.Add(marked);
            events.AddRange(happened);
        }

        var recorded = policy.With(record);
        var evidence = StandingEvidence.Of(state.LastScan.Parts);
        var standings = state.Apps
            .Select(app => (app.Id, app.Standing, Now: PolicyStanding.Of(app.App, app.Classification, recorded, today, DataOpened.By, evidence with { Earlier = app.Standing })))
            .Where(app => app.Now != app.Standing)
            .ToImmutableDictionary(app => app.Id, app => app.Now);
        return new SinceScan(findings.MoveToImmutable(), events.ToImmutable(), standings)
        {
            Mark = events.Count == 0 && standings.IsEmpty ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{record.Head.Count} {today:yyyy-MM-dd}"),
        };
    }

    /// <summary>The app with where it stands now.</summary>
    public AssessedApp Now(AssessedApp app) => Standings.TryGetValue(app.Id, out var standing) ? app with { Standing = standing } : app;

    /// <returns>Where it stood at the scan; null when it stands there still.</returns>
    public GovernanceState? AtScan(AssessedApp app) => Standings.TryGetValue(app.Id, out var standing) && standing.State != app.Standing.State ? app.Standing.State : null;

    /// <summary>Reads the ledger and derives; what the scan left when the ledger does not hold.</summary>
    public static async Task<SinceScan> ReadAsync(
        TenantState state, IDecisionLedger ledger, GovernancePolicy policy, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var record = GovernanceRecord.Of(await ledger.ReadAsync(state.LastScan.TenantId, cancellationToken).ConfigureAwait(false));
            return Of(state, record, policy, time.GetUtcNow());
        }
        catch (LedgerBrokenException)
        {
            return Nothing(state);
        }
    }
}
