using System.Collections.Immutable;
using Governance.Core.Findings;

namespace Governance.Core.Scans.Records;

/// <summary>Apps of one scan in the form in which they are kept, packed so that a large tenant can wait for its commit.</summary>
/// <remarks>Sorted by service principal id. Can be gone through any number of times; each time unpacks anew.</remarks>
public sealed class AppRecords
{
    private readonly ImmutableArray<AppPack> _packs;

    internal AppRecords(IEnumerable<AppPack> packs, DateTimeOffset scanStart)
    {
        _packs = [.. packs];
        ScanStart = scanStart;
        Count = _packs.Sum(pack => pack.Apps.Length);
    }

    /// <summary>Start of the scan: an app last seen then was seen by it.</summary>
    public DateTimeOffset ScanStart { get; }

    public int Count { get; }

    /// <summary>What the next scan has to know of each.</summary>
    public IEnumerable<KnownApp> Known => _packs.SelectMany(pack => pack.Apps);

    /// <param name="scanStart">Start of the scan that shows them.</param>
    /// <param name="known">What is kept: the same records are left out. Null to leave out none.</param>
    public static AppRecords Of(IEnumerable<AssessedApp> apps, DateTimeOffset scanStart, IReadOnlyDictionary<Guid, KnownApp>? known = null) =>
        new(apps.OrderBy(app => app.Id).Chunk(AppPack.Size).Select(chunk => AppPack.Of(chunk, scanStart, known)), scanStart);

    /// <summary>Reads apps back, one after the other.</summary>
    /// <param name="ids">Apps wanted; null for all.</param>
    /// <returns>Those whose records are in here; see <see cref="AppRecord.Body"/>.</returns>
    public IEnumerable<AssessedApp> Read(IReadOnlySet<Guid>? ids = null) =>
        from pack in _packs
        where ids is null || pack.Apps.Any(app => ids.Contains(app.Id))
        from record in pack.Open(ScanStart)
        where record.Body is not null && (ids is null || ids.Contains(record.App.Id))
        select record.Kept!.ToApp(ScanStart, $"app {record.App.Id}");

    /// <summary>Every record, unpacked one pack after the other.</summary>
    public IEnumerable<AppRecord> All => _packs.SelectMany(pack => pack.Open(ScanStart));
}

/// <summary>One app to be kept.</summary>
/// <param name="LastSeen">As in <see cref="KeptRecord.LastSeen"/>.</param>
/// <param name="Body">Null when the store keeps the same record since the scan this one is based on.</param>
public sealed record AppRecord(KnownApp App, DateTimeOffset? LastSeen, byte[]? Body)
{
    /// <summary>The record as it is to be kept; null without <see cref="Body"/>.</summary>
    public KeptRecord? Kept => Body is null ? null : new KeptRecord(Body, LastSeen);
}
