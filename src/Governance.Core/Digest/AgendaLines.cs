using System.Collections.Immutable;

namespace Governance.Core.Digest;

/// <summary>Says what of the approvals people have to see to, in lines for digests.</summary>
internal static class AgendaLines
{
    /// <summary>Lines of the leaders' list, so that a digest stays one to read at a glance.</summary>
    private const int MostForLeaders = 5;

    /// <summary>One list for leaders, two for the security team; each says aloud when the ledger does not hold.</summary>
    public static IEnumerable<DigestSection> Sections(DigestInput input, DigestWords words, DigestAudience audience, int most)
    {
        var language = words.Language;
        var agenda = input.Agenda;
        var today = DateOnly.FromDateTime(input.AsOf.UtcDateTime);
        ImmutableArray<DigestLine> broken = input.Record is null ? [new DigestLine(language.Say("agenda.ledger"), Tone.Bad)] : [];
        var pending = agenda.Pending.Select(item => Pending(item, words, today));
        var due = agenda.Due.Select(item => Due(item, words, today));
        if (audience == DigestAudience.Executive)
        {
            yield return Section("section.agenda", "agenda.none", [.. broken, .. Waiting(input, language), .. pending.Concat(due).OrderByDescending(line => line.Tone)], MostForLeaders);
        }
        else
        {
            yield return Section("section.pending", "agenda.none-pending", [.. broken, .. pending], most);
            yield return Section("section.due", "agenda.none-due", [.. due], most);
        }

        DigestSection Section(string title, string empty, ImmutableArray<DigestLine> lines, int shown) => new(
            language.Text(title), [.. lines.Take(shown)], lines.Length, language.Say(empty, ("n", GovernanceAgenda.Days)).ToPlainText()) { Key = title };
    }

    /// <summary>Requests of users in one line: with the rest of the list it makes up the figure of overdue reviews. The security team has a list of them.</summary>
    private static IEnumerable<DigestLine> Waiting(DigestInput input, Language language) =>
        input.Live.Count(finding => finding.Rule == "pending-request-overdue") is var requests and > 0 ? [new DigestLine(language.Say("agenda.entra", ("n", requests)), Tone.Bad)] : [];

    private static DigestLine Pending(PendingDecision pending, DigestWords words, DateOnly today)
    {
        var language = words.Language;
        var due = pending.Due is { } day ? language.Say(day < today ? "agenda.overdue" : "agenda.due", ("date", words.Day(day, today))).ToPlainText() : string.Empty;
        var text = pending switch
        {
            { Request: null } => language.Say("agenda.review", ("app", words.Name(pending.App)), ("due", due)),
            { MissingRoles.IsEmpty: true } => language.Say("agenda.decide", ("app", words.Name(pending.App)), ("since", words.Day(pending.Since!.Value, today)), ("due", due)),
            _ => language.Say("agenda.sign", ("app", words.Name(pending.App)), ("roles", words.Roles(pending.MissingRoles)), ("since", words.Day(pending.Since!.Value, today)), ("due", due)),
        };
        return new DigestLine(text, pending.Due < today ? Tone.Bad : Tone.Warning);
    }

    private static DigestLine Due(DueReview due, DigestWords words, DateOnly today) => new(
        words.Language.Say($"agenda.{(due.Ends ? "end" : "check")}.{(due.Past ? "past" : "near")}", ("app", words.Name(due.App)), ("date", words.Day(due.On, today))),
        due.Past ? Tone.Bad : Tone.Warning);
}
