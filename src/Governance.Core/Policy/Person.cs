using System.Collections.Immutable;

namespace Governance.Core.Policy;

/// <summary>Someone who acts, as the ledger knows them.</summary>
/// <param name="Pseudonym">Under today's key.</param>
/// <param name="Earlier">Under keys used before; the same person all the same.</param>
public sealed record Person(string Pseudonym, ImmutableArray<string> Earlier)
{
    public bool Is(string pseudonym) => pseudonym == Pseudonym || Earlier.Contains(pseudonym, StringComparer.Ordinal);
}
