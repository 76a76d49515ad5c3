using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Core.Scans.Decisions;

/// <summary>What an erasure would remove; nothing is removed by it.</summary>
/// <param name="Written">Entries of the ledger whose texts the person wrote.</param>
/// <param name="Mentioning">Entries whose texts others wrote and which name the person as a whole. A text goes whole, as its digest stands in the chain.</param>
/// <param name="Orders">Entries of plans and undo records that hold the person's object id: without them an order can be neither executed nor undone.</param>
/// <param name="NameKept">True when a name is kept beside the pseudonym.</param>
public sealed record ErasurePreview(PersonTraces Traces, ImmutableArray<long> Written, ImmutableArray<long> Mentioning, ImmutableArray<long> Orders, bool NameKept)
{
    private const int Digits = 16;

    /// <summary>Every text that goes, in the order of the ledger.</summary>
    public ImmutableArray<long> Texts => [.. Written.Concat(Mentioning).Concat(Orders).Order()];

    /// <summary>Stands for exactly this preview: the erasure is done by who gives it back.</summary>
    /// <param name="identity">The person in the form in which they are compared.</param>
    /// <returns>16 hexadecimal digits.</returns>
    internal string ConfirmationFor(Guid tenant, string identity)
    {
        var shown = string.Create(
            CultureInfo.InvariantCulture,
            $"{tenant:D}\n{identity}\n{Traces.Inventories} {Traces.Runs} {Traces.Answers} {Traces.Confirmations} {Traces.Mentions}\n{string.Join(' ', Written)}\n{string.Join(' ', Mentioning)}\n{string.Join(' ', Orders)}\n{NameKept}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shown)))[..Digits];
    }

    /// <summary>As <see cref="ConfirmationFor"/>, for the person who was looked for.</summary>
    public required string Confirmation { get; init; }
}
