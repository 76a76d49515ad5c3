using System.Collections.Immutable;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Policy.Approvals;

/// <summary>Everything that people decided in a tenant, derived from its ledger.</summary>
/// <param name="Head">The ledger it was derived from.</param>
/// <param name="Requests">By id.</param>
/// <param name="Decisions">The one that counts for each app: the latest. An app whose approval was withdrawn has none.</param>
/// <param name="Marks">What people did to findings, in order.</param>
/// <param name="Orders">Revocation orders by id.</param>
/// <param name="Entries">The entries themselves, with their texts.</param>
public sealed record GovernanceRecord(
    LedgerHead Head,
    ImmutableSortedDictionary<string, ApprovalRequest> Requests,
    ImmutableSortedDictionary<Guid, RecordedDecision> Decisions,
    ImmutableArray<FindingMark> Marks,
    ImmutableSortedDictionary<string, Revocations.RevocationOrder> Orders,
    ImmutableArray<VerifiedEntry> Entries)
{
    public static readonly GovernanceRecord Empty = new(
        LedgerHead.Empty,
        ImmutableSortedDictionary.Create<string, ApprovalRequest>(StringComparer.Ordinal),
        ImmutableSortedDictionary<Guid, RecordedDecision>.Empty,
        [],
        ImmutableSortedDictionary.Create<string, Revocations.RevocationOrder>(StringComparer.Ordinal),
        []);

    /// <summary>Number of the last entry that decided on an app; 0 for none.</summary>
    public long LastDecision { get; init; }

    /// <returns>Null when nothing counts.</returns>
    public RecordedDecision? DecisionOn(Guid appId) => Decisions.GetValueOrDefault(appId);

    /// <exception cref="ActRefusedException">There is none.</exception>
    public ApprovalRequest Request(string id) =>
        Requests.TryGetValue(id, out var request) ? request : throw new ActRefusedException($"there is no request '{TenantText.Plain(id, 40)}'") { OfNothing = true };

    /// <exception cref="ActRefusedException">There is none.</exception>
    public Revocations.RevocationOrder Order(string id) =>
        Orders.TryGetValue(id, out var order) ? order : throw new ActRefusedException($"there is no revocation order '{TenantText.Plain(id, 40)}'") { OfNothing = true };

    /// <exception cref="LedgerBrokenException">The ledger does not hold, so nothing in it counts.</exception>
    public static GovernanceRecord Of(StoredLedger ledger) => LedgerVerification.Of(ledger) switch
    {
        LedgerVerdict.Sound sound => Of(sound.Head, sound.Entries),
        LedgerVerdict.Broken broken => throw new LedgerBrokenException(broken.Entry, broken.Why),
        _ => throw new InvalidOperationException("a ledger is sound or broken"),
    };

    /// <param name="entries">From the first to the last.</param>
    public static GovernanceRecord Of(LedgerHead head, ImmutableArray<VerifiedEntry> entries)
    {
        var reader = new RecordReader();
        foreach (var entry in entries)
        {
            reader.Take(entry);
        }

        return reader.Build(head, entries);
    }
}
