using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Microsoft365.Graph;

/// <summary>Where an unfinished reading is kept, and how often.</summary>
/// <param name="Every">Time between two checkpoints of a part; zero for one after each page.</param>
public sealed record CheckpointedReading(IScanCheckpoints Store, TimeSpan Every)
{
    /// <summary>A reading shorter than this leaves no checkpoint: it is as quickly begun again.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    /// <summary>
    /// True where somebody takes the reading up again: out of time, or asked to wait past it, it then ends in
    /// <see cref="ReadingSuspendedException"/>. Else it ends as a reading of which parts are missing.
    /// </summary>
    public bool Suspends { get; init; }
}

/// <summary>How far the walk of a part has come.</summary>
/// <param name="Next">Path and query of the next page; null when the last was read.</param>
/// <param name="Since">First sequence that counts: earlier ones are of a walk that had to start afresh.</param>
/// <param name="Cursor">Where changes after the list begin, taken before it; null when none was asked for.</param>
/// <param name="Done">Resources read whole; only for app role assignments.</param>
internal sealed record PartState(
    string? Next, int Since, int Pages, long Rows, long? Expected, long Unreadable, string? FirstUnreadable, string? LastLink, string? Cursor, Guid[]? Done);

/// <summary>The checkpoints of one reading: those found when it began, and those it leaves.</summary>
internal sealed class ReadingCheckpoints
{
    private static readonly TimeSpan Oldest = TimeSpan.FromHours(24);
    private readonly CheckpointedReading _kept;
    private readonly string _reading;
    private readonly TimeProvider _time;
    private readonly Dictionary<InventoryPart, (PartState State, List<Inventory> Segments)> _found = [];
    private readonly Dictionary<InventoryPart, (int Next, int Since)> _sequences = [];
    private readonly Dictionary<InventoryPart, long> _lastKept = [];
    private readonly Lock _lock = new();
    private readonly List<Func<Task>> _last = [];
    private readonly TaskCompletionSource<Guid?> _tenant = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began;
    private Guid? _foundTenant;
    private volatile bool _off;
    private int _keptNow;

    private ReadingCheckpoints(CheckpointedReading kept, string reading, TimeProvider time)
    {
        _kept = kept;
        _reading = reading;
        _time = time;
        _began = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
    }

    /// <summary>When the reading began, in whichever process.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>True when an unfinished reading was found.</summary>
    public bool Found => _foundTenant is not null;

    public static async Task<ReadingCheckpoints> OpenAsync(CheckpointedReading kept, string reading, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reading)));
        var checkpoints = new ReadingCheckpoints(kept, name, time);
        var found = await kept.Store.FindAsync(name, cancellationToken).ConfigureAwait(false);
        if (found.Length > 0 && checkpoints.StartedAt - found[0].StartedAt < Oldest && found[0].StartedAt <= checkpoints.StartedAt)
        {
            checkpoints.Take(found);
        }

        return checkpoints;
    }

    /// <summary>Says which tenant answers, null when none does; what was found of another one is left alone.</summary>
    public void Tenant(Guid? tenant)
    {
        if (Found && tenant != _foundTenant)
        {
            Forget();
        }

        _tenant.TrySetResult(tenant);
    }

    /// <summary>A reading of changes is short: it neither goes on from what was found nor leaves anything.</summary>
    public void NotNeeded()
    {
        Forget();
        _off = true;
    }

    /// <returns>How far the part had come, with the rows read by then; null when it is to be read from its start.</returns>
    public (PartState State, List<Inventory> Segments)? Of(InventoryPart part) => _found.TryGetValue(part, out var found) ? found : null;

    /// <summary>Registers what keeps the last of a part, should the reading be suspended.</summary>
    public void AtSuspension(Func<Task> keep)
    {
        lock (_lock)
        {
            _last.Add(keep);
        }
    }

    /// <summary>Keeps how far every part came, so that the reading can be gone on with.</summary>
    /// <param name="wait">Time until that will be.</param>
    /// <returns>Null when it is of no use: nothing can be kept, or it would be too old by then. Else whether this reading came further than what it found.</returns>
    public async Task<bool?> SuspendAsync(TimeSpan wait)
    {
        if (_off || !_kept.Suspends || _time.GetUtcNow() + wait - StartedAt >= Oldest)
        {
            return null;
        }

        foreach (var keep in _last)
        {
            await keep().ConfigureAwait(false);
        }

        return _off ? null : _keptNow > 0;
    }

    /// <summary>The walk starts afresh: what was kept of it counts no more.</summary>
    public void StartAfresh(InventoryPart part)
    {
        lock (_lock)
        {
            _found.Remove(part);
            _sequences[part] = (_sequences.GetValueOrDefault(part).Next, _sequences.GetValueOrDefault(part).Next);
        }
    }

    public bool Due(InventoryPart part)
    {
        lock (_lock)
        {
            return !_off && _time.GetElapsedTime(_lastKept.GetValueOrDefault(part, _began)) >= _kept.Every;
        }
    }

    /// <param name="segment">Rows read since the last checkpoint of the part.</param>
    /// <remarks>The first waits until the tenant has answered.</remarks>
    /// <returns>False when it was not kept; the rows must then come with the next.</returns>
    public async Task<bool> KeepAsync(InventoryPart part, PartState state, Inventory segment, CancellationToken cancellationToken)
    {
        if (await _tenant.Task.ConfigureAwait(false) is not { } tenant)
        {
            return false;
        }

        (int Next, int Since) sequence;
        lock (_lock)
        {
            sequence = _sequences.GetValueOrDefault(part);
            _sequences[part] = (sequence.Next + 1, sequence.Since);
            _lastKept[part] = _time.GetTimestamp();
        }

        using var body = new MemoryStream();
        var head = JsonSerializer.SerializeToUtf8Bytes(state with { Since = sequence.Since });
        body.Write(BitConverter.GetBytes(head.Length));
        body.Write(head);
        InventoryFile.Write(body, segment);
        try
        {
            var checkpoint = new ScanCheckpoint(_reading, tenant, StartedAt, part, sequence.Next, body.ToArray());
            _off |= !await _kept.Store.KeepAsync(checkpoint, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _keptNow, _off ? 0 : 1);
        }
        catch (StoreUnavailableException)
        {
            // The reading itself is not in danger; it only cannot be resumed.
            _off = true;
        }

        return !_off;
    }

    private void Take(IEnumerable<ScanCheckpoint> found)
    {
        foreach (var part in found.GroupBy(checkpoint => checkpoint.Part))
        {
            try
            {
                var pieces = part.Select(checkpoint => (checkpoint.Sequence, Read: Read(checkpoint))).ToArray();
                var last = pieces[^1].Read.State;
                var counted = pieces.Where(piece => piece.Sequence >= last.Since).ToArray();
                if (counted.Length != pieces[^1].Sequence - last.Since + 1)
                {
                    throw new RecordDamagedException($"the reading of {part.Key}", "a checkpoint before the last one is missing");
                }

                _sequences[part.Key] = (pieces[^1].Sequence + 1, last.Since);
                _found[part.Key] = (last, [.. counted.Select(piece => piece.Read.Segment)]);
                _foundTenant = part.First().TenantId;
                StartedAt = part.First().StartedAt;
            }
            catch (Exception damage) when (damage is RecordDamagedException or JsonException)
            {
                // The part is read from its start; its sequence goes on after the damage.
                _sequences[part.Key] = (part.Max(checkpoint => checkpoint.Sequence) + 1, part.Max(checkpoint => checkpoint.Sequence) + 1);
            }
        }
    }

    private void Forget()
    {
        _found.Clear();
        _sequences.Clear();
        _foundTenant = null;
        StartedAt = _time.GetUtcNow();
    }

    private static (PartState State, Inventory Segment) Read(ScanCheckpoint checkpoint)
    {
        var name = $"checkpoint {checkpoint.Sequence} of {checkpoint.Part}";
        var length = checkpoint.Body.Length < 4 ? -1 : BitConverter.ToInt32(checkpoint.Body);
        if (length < 0 || length > checkpoint.Body.Length - 4)
        {
            throw new RecordDamagedException(name, "it is cut");
        }

        var state = JsonSerializer.Deserialize<PartState>(checkpoint.Body.AsSpan(4, length)) ?? throw new RecordDamagedException(name, "it is empty");
        using var rest = new MemoryStream(checkpoint.Body, 4 + length, checkpoint.Body.Length - 4 - length);
        return (state, InventoryFile.Read(rest, name));
    }
}
