namespace Governance.Microsoft365.Rows;

/// <summary>What a page says beside its rows.</summary>
/// <param name="HasValue">False when it holds no list of rows.</param>
/// <param name="NextLink">Link to the next page as received; null on the last.</param>
/// <param name="DeltaLink">Link to the changes after this round as received; only on the last page of a round.</param>
/// <param name="Count">Rows of the whole collection; null when not stated as a number that a count can be.</param>
/// <remarks>A class, because libraries are compiled ahead for any class but not for this struct, and the first page would wait for that.</remarks>
internal sealed record PageEnvelope(bool HasValue, string? NextLink, string? DeltaLink, long? Count)
{
    /// <summary>Nothing said yet.</summary>
    public static readonly PageEnvelope Empty = new(HasValue: false, null, null, null);
}
