namespace Governance.Core.Scans;

/// <summary>Why a store cannot be used.</summary>
public enum StoreFault
{
    /// <summary>Another process holds it and did not let go in time.</summary>
    Locked,

    /// <summary>No room is left.</summary>
    Full,

    /// <summary>What is there is not a store, or no longer a sound one.</summary>
    Damaged,

    /// <summary>It may not be written, or not even read.</summary>
    NotWritable,

    /// <summary>A later program wrote it.</summary>
    NewerVersion,

    /// <summary>It was removed or replaced while it was in use: what is written now would be lost.</summary>
    Gone,

    /// <summary>It does not answer or answers with an error.</summary>
    Failing,
}

/// <summary>A store cannot be used; what it held before is as it was.</summary>
/// <param name="message">One sentence that names the store and what can be done.</param>
public sealed class StoreUnavailableException(StoreFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public StoreFault Fault { get; } = fault;
}
