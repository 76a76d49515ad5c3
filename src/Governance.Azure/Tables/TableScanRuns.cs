using System.Collections.Immutable;
using Azure.Data.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;
using Governance.Core.Scans.Runs;

namespace Governance.Azure.Tables;

/// <summary>Keeps the scans that were asked for, in the partition of their tenant.</summary>
/// <remarks>The row <c>live</c> is written in the same transaction as the run it names, so a tenant has one live run at most.</remarks>
public sealed class TableScanRuns(TableClient table) : IScanRuns
{
    /// <summary>Partition that lists tenants with runs.</summary>
    internal const string TenantsWithRuns = "runs";

    /// <summary>How often a change that met another one is made anew.</summary>
    private const int Tries = 50;

    public async Task<ScanRun> StartOrJoinAsync(ScanRun run, CancellationToken cancellationToken)
    {
        var session = Session(run.TenantId);
        var first = run with { Version = 1 };
        for (var tries = 1; tries <= Tries; tries++)
        {
            if (await FindAsync(run.TenantId, run.Id, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known;
            }

            var live = await session.RowAsync(TableKeys.LiveRun, cancellationToken).ConfigureAwait(false);
            if (live is not null && await NamedAsync(session, live, cancellationToken).ConfigureAwait(false) is { Live: true } joined)
            {
                return joined;
            }

            if (tries == 1)
            {
                await session.Of(TenantsWithRuns).SubmitAsync(
                    [new(TableTransactionActionType.UpsertMerge, new TableEntity(TenantsWithRuns, session.Partition))], cancellationToken).ConfigureAwait(false);
            }

            TableTransactionAction[] actions =
            [
                new(TableTransactionActionType.Add, ToEntity(session, first)),
                new(TableTransactionActionType.Add, new TableEntity(session.Partition, TableKeys.RunByTime(first)) { ["Run"] = first.Id }),
                MakeLive(session, live, first.Id),
            ];
            if (await session.SubmitAsync(actions, cancellationToken).ConfigureAwait(false))
            {
                return first;
            }
        }

        throw Contended(run.TenantId);
    }

    public async Task<ScanRun?> FindAsync(Guid tenantId, string runId, CancellationToken cancellationToken) =>
        await Session(tenantId).RowAsync(TableKeys.Run(runId), cancellationToken).ConfigureAwait(false) is { } row ? ToRun(row) : null;

    public async Task<ImmutableArray<ScanRun>> RecentAsync(Guid tenantId, int limit, CancellationToken cancellationToken)
    {
        var session = Session(tenantId);
        var rows = await session.RowsAsync(TableKeys.RunsByTime, cancellationToken, limit).ConfigureAwait(false);
        var runs = await TableSession.EachAsync(rows, (row, token) => NamedAsync(session, row, token), cancellationToken).ConfigureAwait(false);
        return [.. runs.OfType<ScanRun>().OrderByDescending(run => run.RequestedAt).ThenByDescending(run => run.Id, StringComparer.Ordinal)];
    }

    public async Task<LiveRuns> LiveAsync(CancellationToken cancellationToken)
    {
        var tenants = await new TableSession(table, TenantsWithRuns).RowsAsync(string.Empty, cancellationToken).ConfigureAwait(false);
        var runs = await TableSession.EachAsync(
            tenants,
            async (tenant, token) =>
            {
                var session = new TableSession(table, tenant.RowKey);
                try
                {
                    var live = await session.RowAsync(TableKeys.LiveRun, token).ConfigureAwait(false);
                    return (Run: live is null ? null : await NamedAsync(session, live, token).ConfigureAwait(false), Failure: (TenantFailure?)null);
                }
                catch (RecordDamagedException fault)
                {
                    return (Run: null, Failure: new TenantFailure(Guid.Parse(tenant.RowKey), fault));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return new LiveRuns(
            [.. runs.Select(read => read.Run).OfType<ScanRun>().Where(run => run.Live).OrderBy(run => run.RequestedAt).ThenBy(run => run.TenantId)],
            [.. runs.Select(read => read.Failure).OfType<TenantFailure>()]);
    }

    public async Task<ScanRun?> ChangeAsync(Guid tenantId, string runId, Func<ScanRun, ScanRun> change, CancellationToken cancellationToken)
    {
        var session = Session(tenantId);
        for (var tries = 1; tries <= Tries; tries++)
        {
            if (await session.RowAsync(TableKeys.Run(runId), cancellationToken).ConfigureAwait(false) is not { } row)
            {
                return null;
            }

            var known = ToRun(row);
            var changed = change(known);
            if (ReferenceEquals(changed, known))
            {
                return known;
            }

            changed = changed with { Version = known.Version + 1 };
            List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateReplace, ToEntity(session, changed), row.ETag)];
            if (changed.Live && !known.Live)
            {
                var live = await session.RowAsync(TableKeys.LiveRun, cancellationToken).ConfigureAwait(false);
                if (live is not null && live.GetString("Run") != runId && await NamedAsync(session, live, cancellationToken).ConfigureAwait(false) is { Live: true })
                {
                    throw new AnotherRunLiveException(tenantId);
                }

                actions.Add(MakeLive(session, live, runId));
            }

            if (await session.SubmitAsync(actions, cancellationToken).ConfigureAwait(false))
            {
                return changed;
            }
        }

        throw Contended(tenantId);
    }

    /// <summary>The change of a run that belongs into the transaction that makes its scan count.</summary>
    /// <exception cref="FencedOffException">Another worker has the run, or there is none.</exception>
    internal static async Task<TableTransactionAction?> CommittingAsync(TableSession session, ScanFence fence, string scanId, CancellationToken cancellationToken)
    {
        var row = await session.RowAsync(TableKeys.Run(fence.RunId), cancellationToken).ConfigureAwait(false) ?? throw new FencedOffException(fence.RunId);
        var known = ToRun(row);
        var changed = known.Committing(fence.Number, scanId);
        return ReferenceEquals(changed, known) || changed == known
            ? null
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, ToEntity(session, changed with { Version = known.Version + 1 }), row.ETag);
    }

    private static TableTransactionAction MakeLive(TableSession session, TableEntity? live, string runId)
    {
        var row = new TableEntity(session.Partition, TableKeys.LiveRun) { ["Run"] = runId };
        return live is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, live.ETag);
    }

    private static async Task<ScanRun?> NamedAsync(TableSession session, TableEntity row, CancellationToken cancellationToken) =>
        row.GetString("Run") is { } id && await session.RowAsync(TableKeys.Run(id), cancellationToken).ConfigureAwait(false) is { } run ? ToRun(run) : null;

    internal static TableEntity ToEntity(TableSession session, ScanRun run)
    {
        var entity = new TableEntity(session.Partition, TableKeys.Run(run.Id));
        TableBlob.WriteBytes(entity, "D", RunRecords.ToBytes(run));
        return entity;
    }

    internal static ScanRun ToRun(TableEntity row) => RunRecords.ToRun(TableBlob.ReadBytes(row, "D"), $"run {row.RowKey}");

    private static StoreUnavailableException Contended(Guid tenantId) =>
        new(StoreFault.Locked, $"runs of tenant {tenantId} are changed faster than a change can be kept; try again");

    private TableSession Session(Guid tenantId) => new(table, TableKeys.Tenant(tenantId));
}
