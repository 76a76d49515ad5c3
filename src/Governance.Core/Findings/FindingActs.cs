using System.Collections.Immutable;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Findings;

/// <summary>What a person may do to a finding. Pure: each act gives the entry to write.</summary>
public static class FindingActs
{
    /// <summary>Longest mute in days.</summary>
    public const int LongestMute = 366;

    /// <param name="finding">As it stands now; see <see cref="MarkedFinding.Now"/>.</param>
    /// <exception cref="ActRefusedException">It is not open.</exception>
    public static LedgerDraft Acknowledge(Finding finding, Person by, string? note, DateTimeOffset now)
    {
        Require(finding.State == FindingState.Open, $"the finding is {Name(finding)}; only an open one can be acknowledged");
        return Draft(finding, by, LedgerKinds.Acknowledged, note, now, ("before", Name(finding)), ("after", "acknowledged"));
    }

    /// <param name="held">What the app holds; see <see cref="Markings.HeldNow"/>. Null where the finding is not about an app.</param>
    /// <param name="until">Last day, UTC.</param>
    /// <exception cref="ActRefusedException">It is resolved or muted, there is no reason, or the day is not ahead or too far.</exception>
    public static LedgerDraft Mute(Finding finding, ImmutableArray<string>? held, Person by, string reason, DateOnly until, DateTimeOffset now)
    {
        Require(finding.State is FindingState.Open or FindingState.Acknowledged, $"the finding is {Name(finding)}; only an open or acknowledged one can be muted");
        Require(!string.IsNullOrWhiteSpace(reason), "a mute needs a reason");
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        Require(until >= today && until <= today.AddDays(LongestMute), $"a mute must end between today and {LongestMute} days from now");
        return Draft(
            finding, by, LedgerKinds.Muted, reason, now,
            ("until", Facts.Day(until)), ("permissions", Facts.List(held)), ("before", Name(finding)), ("after", "muted"));
    }

    /// <exception cref="ActRefusedException">It is not muted.</exception>
    public static LedgerDraft Unmute(Finding finding, Person by, string? note, DateTimeOffset now)
    {
        Require(finding.State == FindingState.Muted, $"the finding is {Name(finding)}, not muted");
        return Draft(finding, by, LedgerKinds.Unmuted, note, now, ("before", "muted"), ("after", "open"));
    }

    private static string Name(Finding finding) => finding.State.ToString().ToLowerInvariant();

    private static LedgerDraft Draft(Finding finding, Person by, string kind, string? text, DateTimeOffset now, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        new(now, by.Pseudonym, kind, finding.Id, Facts.Of(facts).Add("rule", finding.Rule), string.IsNullOrWhiteSpace(text) ? null : text.Trim());

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ActRefusedException(message);
        }
    }
}
