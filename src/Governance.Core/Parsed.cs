using System.Collections.Immutable;

namespace Governance.Core;

/// <summary>A mistake in a file that a person wrote.</summary>
/// <param name="Line">Counted from 1; 0 when the mistake has no line.</param>
/// <param name="Column">Counted from 1; 0 when the mistake has no column.</param>
public sealed record Problem(int Line, int Column, string Message)
{
    public override string ToString() => Line > 0 ? $"line {Line}, column {Column}: {Message}" : Message;
}

/// <summary>What came of reading a file that a person wrote: the value, or every problem with its place.</summary>
public abstract record Parsed<T>
{
    private Parsed()
    {
    }

    public sealed record Good(T Value) : Parsed<T>;

    /// <param name="Problems">Never empty; in the order of the file.</param>
    public sealed record Bad(ImmutableArray<Problem> Problems) : Parsed<T>;
}
