using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Scans.Decisions;

/// <summary>Why the text of an entry goes with a person.</summary>
internal enum TextOf
{
    /// <summary>The person wrote it.</summary>
    Writer,

    /// <summary>Someone else wrote it and named the person.</summary>
    Mention,

    /// <summary>A plan or undo record holds the person's object id.</summary>
    Order,
}

/// <summary>Finds the texts beside ledger entries that go with a person.</summary>
internal static class PersonTexts
{
    /// <returns>Sequence numbers with the reason, in the order of the ledger.</returns>
    public static IEnumerable<(long Sequence, TextOf Why)> In(IEnumerable<VerifiedEntry> entries, Person person, NamedPerson named)
    {
        foreach (var entry in entries)
        {
            if (entry.Part is { } part && WhyOf(entry.Entry, part, person, named) is { } why)
            {
                yield return (entry.Entry.Sequence, why);
            }
        }
    }

    /// <summary>What the program wrote into a plan or undo record names users by id alone; a name there is that of an app or a permission.</summary>
    private static TextOf? WhyOf(LedgerEntry entry, string part, Person person, NamedPerson named)
    {
        var (made, written) = entry.Kind switch
        {
            LedgerKinds.RevocationPlanned => part.Split('\n', 2) is [var plan, var reason] ? (plan, reason) : (part, string.Empty),
            LedgerKinds.RevocationIntended => (part, string.Empty),
            _ => (string.Empty, part),
        };
        if (named.Id is not null && named.StandsIn(made))
        {
            return TextOf.Order;
        }

        return written.Length == 0 ? null : person.Is(entry.Actor) ? TextOf.Writer : named.StandsIn(written) ? TextOf.Mention : null;
    }
}
