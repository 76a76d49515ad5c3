using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Policy.Revocations;

/// <summary>Follows the orders through a ledger.</summary>
internal sealed class OrderReader
{
    public Dictionary<string, RevocationOrder> Orders { get; } = new(StringComparer.Ordinal);

    public void Take(VerifiedEntry verified)
    {
        var entry = verified.Entry;
        if (entry.Kind == LedgerKinds.RevocationPlanned)
        {
            Plan(verified);
            return;
        }

        if (!Orders.TryGetValue(entry.Subject, out var order))
        {
            return;
        }

        order = order with { TakenAt = Taken(order, entry) };
        Orders[order.Id] = entry.Kind switch
        {
            LedgerKinds.RevocationApproved => Approved(order, entry),
            LedgerKinds.RevocationDeclined => order with { State = OrderState.Declined },
            LedgerKinds.RevocationVoided => order with { State = OrderState.Voided, Failure = entry.Fact("why") },
            LedgerKinds.RevocationIntended => order with { Undo = order.Undo.SetItem(Place(entry), verified.Part is { } undo ? RevocationPlan.ReadItem(undo) : null) },
            LedgerKinds.RevocationDone => order with { Done = order.Done.SetItem(Place(entry), Outcome(order, entry)), Failure = null },
            LedgerKinds.RevocationFailed => order with { Failure = entry.Fact("why"), Undo = entry.Fact("after") == "held" ? order.Undo.Remove(Place(entry)) : order.Undo },
            LedgerKinds.RevocationExecuted => order with { State = OrderState.Executed, Failure = null },
            LedgerKinds.UndoDone => order with { Restored = order.Restored.Add(Place(entry)) },
            LedgerKinds.UndoFailed => order with { Failure = entry.Fact("why") },
            _ => order,
        };
    }

    private void Plan(VerifiedEntry verified)
    {
        var entry = verified.Entry;
        var plan = verified.Part?.Split('\n', 2);
        var id = "V" + entry.Sequence.ToString(CultureInfo.InvariantCulture);
        Orders[id] = new RevocationOrder(
            id,
            Facts.IdOf(entry, "servicePrincipal")!.Value,
            Facts.IdOf(entry, "appId"),
            entry.Fact("fingerprint"),
            OrderState.Planned,
            entry.Actor,
            entry.At,
            (int)Facts.NumberOf(entry, "items"),
            (int)Facts.NumberOf(entry, "users"),
            plan is null ? null : RevocationPlan.Read(plan[0]),
            plan is null ? null : plan[^1],
            [],
            (int)Facts.NumberOf(entry, "approvers"),
            ImmutableSortedDictionary<int, string>.Empty,
            ImmutableSortedDictionary<int, RevocationItem?>.Empty,
            [],
            null);
    }

    private static RevocationOrder Approved(RevocationOrder order, LedgerEntry entry)
    {
        var approvers = order.Approvers.Add(entry.Actor);
        return order with { Approvers = approvers, State = approvers.Length >= order.Needed ? OrderState.SignedOff : order.State };
    }

    /// <summary>What was taken away stays so, even where a second execution at the same moment found it gone: else nobody could put it back.</summary>
    private static string Outcome(RevocationOrder order, LedgerEntry entry) =>
        order.Done.GetValueOrDefault(Place(entry)) == "revoked" ? "revoked" : entry.Fact("after");

    /// <summary>Each entry of the one who has it says that he is still there.</summary>
    private static DateTimeOffset? Taken(RevocationOrder order, LedgerEntry entry) => entry.Kind switch
    {
        LedgerKinds.RevocationTaken => entry.At,
        LedgerKinds.RevocationIntended or LedgerKinds.RevocationDone or LedgerKinds.UndoIntended or LedgerKinds.UndoDone when order.TakenAt is not null => entry.At,
        LedgerKinds.RevocationReleased or LedgerKinds.RevocationFailed or LedgerKinds.UndoFailed or LedgerKinds.RevocationExecuted => null,
        _ => order.TakenAt,
    };

    private static int Place(LedgerEntry entry) => (int)Facts.NumberOf(entry, "item");
}
