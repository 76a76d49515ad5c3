using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Scans;

namespace Governance.Core.Tests.Scans;

/// <summary>Keeps scans of one tenant in memory.</summary>
internal sealed class FakeStore : IScanStore
{
    private readonly List<ScanCommit> _commits = [];
    private readonly Dictionary<Guid, DateTimeOffset> _firstSeen = [];
    private ImmutableArray<AssessedApp> _apps = [];

    public IReadOnlyList<ScanCommit> Commits => _commits;

    /// <summary>Commits to refuse as stale before one is taken.</summary>
    public int Stale { get; set; }

    public Task<ImmutableArray<Guid>> TenantsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<Guid>>([.. _commits.Select(commit => commit.Scan.TenantId).Distinct()]);

    public Task<TenantState?> StateAsync(Guid tenantId, CancellationToken cancellationToken) =>
        Task.FromResult(_commits.LastOrDefault() is { } last
            ? new TenantState(last.Scan, _apps, last.Findings, _firstSeen.ToImmutableDictionary(), last.Kpis, last.PolicyText)
            : null);

    public Task<KnownState?> KnownAsync(Guid tenantId, CancellationToken cancellationToken) =>
        Task.FromResult(_commits.LastOrDefault() is { } last
            ? new KnownState(
                last.Scan, last.Apps.Known.ToDictionary(app => app.Id), _firstSeen.Where(seen => last.Apps.Known.All(app => app.Id != seen.Key)).ToDictionary(), last.Findings)
            : null);

    public Task<bool> EachAppAsync(Guid tenantId, string scanId, Action<IEnumerable<AssessedApp>> use, CancellationToken cancellationToken)
    {
        use(_apps);
        return Task.FromResult(true);
    }

    public Task<ImmutableArray<Scan>> ScansAsync(Guid tenantId, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<Scan>>([.. Enumerable.Reverse(_commits).Take(limit).Select(commit => commit.Scan)]);

    public Task<Inventory?> InventoryAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) =>
        Task.FromResult(_commits.FirstOrDefault(commit => commit.Scan.Id == scanId)?.Inventory);

    public Task<ImmutableArray<FindingEvent>> HistoryAsync(Guid tenantId, string findingId, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<FindingEvent>>([.. _commits.SelectMany(commit => commit.Events).Where(change => change.FindingId == findingId)]);

    public Task<ImmutableArray<FindingEvent>> EventsAsync(Guid tenantId, string scanId, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<FindingEvent>>(
            [.. _commits.SelectMany(commit => commit.Events).Where(change => change.ScanId == scanId).OrderBy(change => change.FindingId, StringComparer.Ordinal).ThenBy(change => change.Sequence)]);

    public Task<ImmutableArray<ScanKpis>> KpisAsync(Guid tenantId, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<ScanKpis>>(
            [.. Enumerable.Reverse(_commits).Take(limit).Select(commit => new ScanKpis(commit.Scan.Id, commit.Scan.StartedAt, commit.Scan.Status, commit.Kpis))]);

    public Task CommitAsync(ScanCommit commit, CancellationToken cancellationToken)
    {
        var current = _commits.Count;
        if (Stale > 0 || commit.BasedOn != current)
        {
            Stale--;
            throw new StaleScanException(commit.BasedOn, current);
        }

        // A record that is left out is the one kept before, seen again.
        var kept = _apps.ToDictionary(app => app.Id);
        _apps =
        [
            .. commit.Apps.All.Select(record => record.Kept is { } body
                ? body.ToApp(commit.Scan.StartedAt, "app")
                : kept[record.App.Id] with { LastSeen = record.LastSeen ?? commit.Scan.StartedAt }),
        ];
        _commits.Add(commit);
        foreach (var app in _apps)
        {
            _firstSeen.TryAdd(app.Id, app.FirstSeen);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Gives one inventory after the other.</summary>
internal sealed class FakeSource(params Inventory[] readings) : IConsentSource
{
    private int _next;

    public ScanMode Mode => ScanMode.Full;

    public Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken) =>
        Task.FromResult(new SourceReading(readings[Math.Min(_next++, readings.Length - 1)], new RequestCounts(5, 1, 1)));
}

/// <summary>A clock set by hand.</summary>
internal sealed class HandSetTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>Drops progress.</summary>
internal sealed class NoProgress : IProgress<ReadProgress>
{
    public void Report(ReadProgress value)
    {
        // Nothing looks at it.
    }
}
