using System.Collections.Concurrent;
using Governance.Core.Policy;
using Governance.Core.Scans;

namespace Governance.Api.Http;

/// <summary>Holds what is kept of each tenant until its next scan, so that many readers cost one reading.</summary>
/// <remarks>What is kept changes only by a commit, which raises the generation; each look compares it.</remarks>
public sealed class FactsCache(IScanStore store, Func<TenantState, GovernancePolicy> policyOf)
{
    /// <summary>Bytes of answers kept for a tenant.</summary>
    private const long MostAnswerBytes = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<Guid, Held> _held = new();
    private readonly ConcurrentDictionary<Guid, bool> _renewing = new();
    private readonly ConcurrentDictionary<(Guid Tenant, string ScanId), Lazy<Task<Held?>>> _readings = new();

    /// <returns>Null when no scan of the tenant is kept.</returns>
    public async Task<StoredFacts?> ReadAsync(Guid tenant, CancellationToken cancellationToken) => (await HeldAsync(tenant, cancellationToken).ConfigureAwait(false))?.Facts;

    /// <summary>Bytes made from the facts once and kept as long as they.</summary>
    /// <param name="state">State of whatever else the bytes are made from; bytes of another state are made anew. Null for nothing else.</param>
    internal async Task<byte[]> RenderAsync(StoredFacts facts, string name, string? state, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var tenant = facts.State.LastScan.TenantId;
        if (!_held.TryGetValue(tenant, out var held) || !ReferenceEquals(held.Facts, facts))
        {
            return await WriteAsync(write).ConfigureAwait(false);
        }

        // The work is shared: one caller that hangs up must not spoil it for the others.
        (string? State, Lazy<Task<byte[]>> Bytes) Rendering() => (state, new Lazy<Task<byte[]>>(() => WriteAsync(write)));
        var rendering = held.Rendered.AddOrUpdate(name, _ => Rendering(), (_, known) => known.State == state ? known : Rendering());
        try
        {
            return await rendering.Bytes.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (rendering.Bytes.Value.IsFaulted)
        {
            held.Rendered.TryRemove(name, out _);
            throw;
        }
    }

    /// <summary>Keeps a scan and reads the state it leaves before it returns; until then readers get the state before.</summary>
    /// <param name="commit">Keeps it.</param>
    public async Task RenewAsync(Guid tenant, Func<Task> commit)
    {
        _renewing[tenant] = true;
        try
        {
            await commit().ConfigureAwait(false);
            if (_held.ContainsKey(tenant) && await store.ScansAsync(tenant, 1, CancellationToken.None).ConfigureAwait(false) is [var last])
            {
                await ReadOnceAsync(tenant, last, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _renewing.TryRemove(tenant, out _);
        }
    }

    /// <summary>An answer made from the facts once and given to everybody who asks the same, as long as there is room.</summary>
    internal ApiAnswer Answer(StoredFacts facts, string question, Func<ApiAnswer> make)
    {
        if (!_held.TryGetValue(facts.State.LastScan.TenantId, out var held) || !ReferenceEquals(held.Facts, facts))
        {
            return make();
        }

        if (held.Answers.TryGetValue(question, out var known))
        {
            return known;
        }

        var answer = make();
        if (Interlocked.Add(ref held.AnswerBytes, answer.Body.Length) <= MostAnswerBytes)
        {
            answer = answer with { Body = answer.Body.ToArray() };
            held.Answers.TryAdd(question, answer);
        }

        return answer;
    }

    private async Task<Held?> HeldAsync(Guid tenant, CancellationToken cancellationToken)
    {
        if (await store.ScansAsync(tenant, 1, cancellationToken).ConfigureAwait(false) is not [var last])
        {
            return null;
        }

        // While whoever keeps a scan reads it anew, others go on with the scan before instead of waiting.
        if (_held.TryGetValue(tenant, out var held) && (held.ScanId == last.Id || _renewing.ContainsKey(tenant)))
        {
            return held;
        }

        return await ReadOnceAsync(tenant, last, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Held?> ReadOnceAsync(Guid tenant, Scan last, CancellationToken cancellationToken)
    {

        var reading = _readings.GetOrAdd((tenant, last.Id), key => new Lazy<Task<Held?>>(() => ReadStoreAsync(key.Tenant)));
        try
        {
            return await reading.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (reading.Value.IsCompleted)
            {
                _readings.TryRemove((tenant, last.Id), out _);
            }
        }
    }

    private async Task<Held?> ReadStoreAsync(Guid tenant)
    {
        if (await store.StateAsync(tenant, CancellationToken.None).ConfigureAwait(false) is not { } state)
        {
            return null;
        }

        var facts = await StoredFacts.ReadAsync(state, policyOf(state), store, CancellationToken.None).ConfigureAwait(false);
        return _held.AddOrUpdate(
            tenant, new Held(facts), (_, known) => known.Facts.State.LastScan.Generation < state.LastScan.Generation ? new Held(facts) : known);
    }

    private static async Task<byte[]> WriteAsync(Func<Stream, Task> write)
    {
        using var stream = new MemoryStream();
        await write(stream).ConfigureAwait(false);
        return stream.ToArray();
    }

    private sealed record Held(StoredFacts Facts)
    {
        /// <summary>Bytes of all answers made, kept or not: what was asked for once and then no more fills it up and is let go with the scan.</summary>
        public long AnswerBytes;

        public string ScanId => Facts.State.LastScan.Id;

        /// <summary>Answers by path and query.</summary>
        public ConcurrentDictionary<string, ApiAnswer> Answers { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, (string? State, Lazy<Task<byte[]>> Bytes)> Rendered { get; } = new(StringComparer.Ordinal);
    }
}
