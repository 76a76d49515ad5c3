using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans;

/// <summary>The workflow of a scan: read, judge, keep, report.</summary>
/// <param name="source">Where the consents are.</param>
/// <param name="store">Where the scan is kept.</param>
/// <param name="time">Clock of the host.</param>
/// <param name="tail">Gives a fresh random tail for a scan id: letters and digits.</param>
/// <param name="ledger">Where decisions are recorded; null when none can be.</param>
public sealed class ScanTenant(IConsentSource source, IScanStore store, TimeProvider time, Func<string> tail, IDecisionLedger? ledger = null)
{
    /// <summary>How often a scan that was overtaken by another is judged anew before it gives up.</summary>
    private const int Judgements = 3;

    /// <summary>Scans looked at for the audit cadence and the last complete values: more than a month of hourly ones.</summary>
    private const int ScansLookedAt = 1000;

    private const int NightsLookedAt = 30;

    /// <exception cref="TenantMismatchException">The source read another tenant than the one asked for.</exception>
    /// <exception cref="StaleScanException">Other scans of the tenant kept overtaking this one.</exception>
    /// <remarks>What the source throws goes through; then nothing is stored.</remarks>
    public async Task<ScanReport> RunAsync(ScanRequest request, IProgress<ReadProgress> progress, CancellationToken cancellationToken)
    {
        var reading = await source.ReadAsync(progress, cancellationToken).ConfigureAwait(false);

        // The moment that verdicts are judged for, so that a replay of the inventory gives the same times.
        var startedAt = reading.Inventory.ReadAt;
        var id = startedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture) + tail();
        var tenant = reading.Inventory.Organization.TenantId;
        if (request.TenantId is { } asked && asked != tenant)
        {
            throw new TenantMismatchException(asked, tenant);
        }

        for (var judgement = 1; ; judgement++)
        {
            try
            {
                return await JudgeAndKeepAsync(request, reading, id, cancellationToken).ConfigureAwait(false);
            }
            catch (StaleScanException) when (judgement < Judgements)
            {
                // Another scan was kept meanwhile: what was read is judged against the state it left.
            }
        }
    }

    private async Task<ScanReport> JudgeAndKeepAsync(
        ScanRequest request, SourceReading reading, string id, CancellationToken cancellationToken)
    {
        var inventory = reading.Inventory;
        var tenant = inventory.Organization.TenantId;
        var previous = await store.KnownAsync(tenant, cancellationToken).ConfigureAwait(false);
        var past = previous is null ? ScanPast.None : await PastAsync(tenant, inventory.ReadAt, cancellationToken).ConfigureAwait(false);
        var (record, leftOut) = await DecisionsAsync(tenant, cancellationToken).ConfigureAwait(false);
        var policy = request.Policy.With(record);
        var unread = await UnreadAsync(inventory, previous, cancellationToken).ConfigureAwait(false);
        var result = Assessment.Of(inventory, request.Classify(inventory), policy, previous, past, id, record, unread, request.Workers, request.KeepsRecords);
        var basedOn = previous?.LastScan.Generation ?? 0;
        var now = time.GetUtcNow();
        var scan = new Scan(
            id,
            tenant,
            inventory.Organization.Name,
            reading.Mode ?? source.Mode,
            inventory.Complete ? ScanStatus.Complete : ScanStatus.Partial,
            inventory.ReadAt,
            now > inventory.ReadAt ? now : inventory.ReadAt,
            inventory.Parts,
            reading.Requests,
            basedOn + 1,
            policy.Version,
            request.CatalogueVersion)
        {
            LedgerEntries = record.Head.Count,
        };
        var commit = new ScanCommit(scan, basedOn, inventory, result.Apps, result.Findings, result.Events, result.Kpis, request.PolicyText) { Fence = request.Fence };
        await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        return new ScanReport(scan, result.Notable, result.Findings, result.Kpis, result.Events, result.NotAssessed)
        {
            Records = request.KeepsRecords ? result.Apps : null,
            DecisionsLeftOut = leftOut,
            Notes = reading.Notes,
        };
    }

    /// <summary>Whole records of the last scan, of the apps that a part read in half does not show.</summary>
    private async Task<ImmutableArray<AssessedApp>> UnreadAsync(Inventory inventory, KnownState? previous, CancellationToken cancellationToken)
    {
        var needed = Assessment.Needed(inventory, previous);
        ImmutableArray<AssessedApp> unread = [];
        if (needed.Count > 0
            && !await store.EachAppAsync(
                inventory.Organization.TenantId, previous!.LastScan.Id, apps => unread = [.. apps.Where(app => needed.Contains(app.Id))], cancellationToken).ConfigureAwait(false))
        {
            throw new StaleScanException(previous!.LastScan.Generation, previous.LastScan.Generation + 1);
        }

        return unread;
    }

    /// <summary>Without a ledger that holds, the scan goes on by the policy file alone and says so: nothing unproven approves a tool.</summary>
    private async Task<(GovernanceRecord Record, string? LeftOut)> DecisionsAsync(Guid tenant, CancellationToken cancellationToken)
    {
        if (ledger is null)
        {
            return (GovernanceRecord.Empty, null);
        }

        try
        {
            return (GovernanceRecord.Of(await ledger.ReadAsync(tenant, cancellationToken).ConfigureAwait(false)), null);
        }
        catch (Exception fault) when (fault is LedgerBrokenException or StoreUnavailableException)
        {
            return (GovernanceRecord.Empty, fault.Message);
        }
    }

    private async Task<ScanPast> PastAsync(Guid tenant, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var scans = await store.ScansAsync(tenant, ScansLookedAt, cancellationToken).ConfigureAwait(false);
        var kpis = await store.KpisAsync(tenant, ScansLookedAt, cancellationToken).ConfigureAwait(false);
        var begin = asOf.AddDays(-NightsLookedAt);
        return new ScanPast(
            kpis.FirstOrDefault(values => values.Status == ScanStatus.Complete)?.Values ?? [],
            [.. scans.Where(scan => scan.StartedAt >= begin).Select(scan => new ScanNight(scan.StartedAt, scan.Status == ScanStatus.Complete))]);
    }
}
