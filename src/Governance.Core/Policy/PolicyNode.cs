using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>A piece of a policy file with its place, whatever language the file is written in.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public abstract record PolicyNode(int Line, int Column)
{
    /// <summary>Names the form in a message to the author of the file.</summary>
    internal abstract string Form { get; }

    /// <param name="Text">As written, without quotes.</param>
    /// <param name="Quoted">True when written as text on purpose: then neither a number nor empty.</param>
    public sealed record Scalar(int Line, int Column, string Text, bool Quoted) : PolicyNode(Line, Column)
    {
        internal override string Form => Empty ? "nothing" : "a single value";

        /// <summary>True when the author left the place empty or wrote null.</summary>
        internal bool Empty => !Quoted && (Text is "" or "~" or "null" or "Null" or "NULL");
    }

    public sealed record List(int Line, int Column, ImmutableArray<PolicyNode> Items) : PolicyNode(Line, Column)
    {
        internal override string Form => "a list";
    }

    /// <param name="Entries">In the order of the file; a key may stand twice, which the reader reports.</param>
    public sealed record Map(int Line, int Column, ImmutableArray<PolicyEntry> Entries) : PolicyNode(Line, Column)
    {
        internal override string Form => "a group of keys";
    }
}

/// <summary>A key of a <see cref="PolicyNode.Map"/> with its place and value.</summary>
public sealed record PolicyEntry(string Key, int Line, int Column, PolicyNode Value);
