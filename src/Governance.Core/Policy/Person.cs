using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>Someone who acts, as the ledger knows them.</summary>
/// <param name="Pseudonym">Under today's key.</param>
/// <param name="Earlier">Under keys used before; the same person all the same.</param>
public sealed record Person(string Pseudonym, ImmutableArray<string> Earlier)
{
    /// <param name="keys">The tenant's keys, newest first; at least one.</param>
    /// <param name="identity">As in <see cref="Policy.Pseudonym.Of"/>.</param>
    public static Person Under(ImmutableArray<byte[]> keys, Guid tenant, string identity)
    {
        ImmutableArray<string> pseudonyms = [.. keys.Select(key => Policy.Pseudonym.Of(key, tenant, identity))];
        return new Person(pseudonyms[0], pseudonyms[1..]);
    }

    public bool Is(string pseudonym) => pseudonym == Pseudonym || Earlier.Contains(pseudonym, StringComparer.Ordinal);
}
