using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans;

/// <summary>Reads a tenant's consents from wherever they are.</summary>
public interface IConsentSource
{
    ScanMode Mode { get; }

    /// <summary>Reads what it can; a part that could not be read whole says so in <see cref="Inventory.Parts"/>.</summary>
    /// <exception cref="TenantAccessDeniedException">The source refused to say even which tenant it is.</exception>
    /// <exception cref="SourceUnreachableException">The source did not answer at all.</exception>
    /// <exception cref="SourceFormatException">A file of the source is broken.</exception>
    /// <exception cref="ReadingSuspendedException">It stopped to be gone on with later; only a source that was set up for that.</exception>
    Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken);
}

/// <summary>What a source read and what it cost.</summary>
public sealed record SourceReading(Inventory Inventory, RequestCounts Requests)
{
    /// <summary>How it was read, where that turned out otherwise than the source's usual way; else null.</summary>
    public ScanMode? Mode { get; init; }

    /// <summary>What was asked for beside the parts and could not be read, with the reason; a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>How far the reading of one part is.</summary>
/// <param name="Expected">Null when the source has not said.</param>
public readonly record struct ReadProgress(InventoryPart Part, long Items, long? Expected, bool Done);

/// <summary>The source refused access as a whole.</summary>
/// <param name="status">HTTP status; 401 when the token was not accepted, 403 when it lacks a right.</param>
public sealed class TenantAccessDeniedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The source did not answer.</summary>
public sealed class SourceUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The time for one reading was used up, or the source asked to wait past its end; how far it came is kept for the next.</summary>
/// <param name="wait">How long the source asked to be left alone; zero when it did not ask.</param>
/// <param name="progressed">True when this reading came further than the one before it.</param>
public sealed class ReadingSuspendedException(TimeSpan wait, bool progressed)
    : Exception(wait > TimeSpan.Zero ? $"the source asked to wait {wait.TotalSeconds:0} s, longer than the time left; it is gone on with after that" : "the time for one reading was used up; it is gone on with")
{
    public TimeSpan Wait { get; } = wait;

    public bool Progressed { get; } = progressed;
}

/// <summary>A file of an offline source is broken.</summary>
/// <param name="place">File and line, as a person would look for it.</param>
public sealed class SourceFormatException(string place, string message, Exception? inner = null) : Exception($"{place}: {message}", inner);
