using System.Collections.Immutable;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Policy.Approvals;

/// <summary>What a person did to a finding.</summary>
/// <param name="Entry">Number of the ledger entry.</param>
/// <param name="Kind"><see cref="LedgerKinds.Acknowledged"/>, <see cref="LedgerKinds.Muted"/> or <see cref="LedgerKinds.Unmuted"/>.</param>
/// <param name="Until">Last day of a mute, UTC; null for the other kinds.</param>
/// <param name="Permissions">What the app held when it was muted, one text each; null where the finding is not about an app.</param>
/// <param name="Reason">Null when there is none or it was erased.</param>
public sealed record FindingMark(
    long Entry, string FindingId, string Kind, DateTimeOffset At, string By, DateOnly? Until, ImmutableArray<string>? Permissions, string? Reason)
{
    internal static FindingMark Of(VerifiedEntry verified)
    {
        var entry = verified.Entry;
        return new FindingMark(
            entry.Sequence, entry.Subject, entry.Kind, entry.At, entry.Actor, Facts.DayOf(entry, "until"), Facts.ListOf(entry, "permissions"), verified.Part);
    }
}
