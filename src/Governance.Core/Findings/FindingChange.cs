using Governance.Core.Risk;

namespace Governance.Core.Findings;

/// <summary>Carries one finding through one scan and writes down what happened to it.</summary>
/// <remarks>
/// Legal ways: opened; open to acknowledged or muted, acknowledged to muted, muted to open, by what people did; muted to open by
/// itself; open, acknowledged or muted to resolved; resolved to open. Times never run backwards within a finding,
/// even when the clock does.
/// </remarks>
internal sealed class FindingChange(Finding finding, ScanFacts scan)
{
    private readonly List<FindingEvent> _events = [];

    public Finding Finding { get; private set; } = finding;

    public IReadOnlyList<FindingEvent> Events => _events;

    public static FindingChange Open(string id, Guid tenant, Judgement judgement, Verdict.Violation violation, ScanFacts scan)
    {
        var finding = new Finding(
            id, tenant, judgement.Rule, judgement.Subject, judgement.SubjectName, violation.Severity, FindingState.Open, violation.Title,
            violation.Evidence, Unconfirmed: false, scan.AsOf, scan.AsOf, scan.AsOf, ResolvedAt: null, ResolvedBy: null, scan.PolicyVersion);
        var change = new FindingChange(finding, scan);
        change.Note("opened", Name(violation.Severity));
        return change;
    }

    /// <param name="judgement">Null when the scan has no verdict on the subject: it was not seen.</param>
    public void Apply(Judgement? judgement)
    {
        TakeMarks();
        switch (judgement?.Verdict)
        {
            case Verdict.Violation violation when Finding.Live:
                Stand(judgement, violation);
                break;
            case Verdict.Violation violation:
                Reopen(judgement, violation);
                break;
            case Verdict.Pass { Basis: PassBasis.Policy } pass when Finding.Live:
                Resolve(ResolutionCause.Policy, $"{pass.Because} by policy {scan.PolicyVersion}");
                break;
            case Verdict.Pass or null when Finding.Live && scan.Conclusive(Finding.Rule) && scan.Markings.RevokedBy(Finding) is { } order:
                Resolve(ResolutionCause.Revocation, $"revoked by order {order}, as complete scan {scan.ScanId} shows");
                break;
            case Verdict.Pass pass when Finding.Live && scan.Conclusive(Finding.Rule):
                Resolve(ResolutionCause.CompleteEvidence, $"{pass.Because}, as complete scan {scan.ScanId} shows");
                break;
            case null when Finding.Live && scan.Removed(Finding):
                Resolve(ResolutionCause.Removal, $"service principal no longer present in the complete list of scan {scan.ScanId}");
                break;
            case null when Finding.Live && scan.Conclusive(Finding.Rule):
                Resolve(ResolutionCause.CompleteEvidence, Gone());
                break;
            case Verdict.NotAssessed missing when Finding.Live:
                LeaveUnconfirmed($"could not be read: {missing.MissingFact}");
                break;
            default:
                if (Finding.Live)
                {
                    LeaveUnconfirmed("a part it rests on was not read whole");
                }

                break;
        }
    }

    /// <summary>What people did since the last scan comes first; then a mute that has run out ends.</summary>
    private void TakeMarks()
    {
        var (marked, events) = MarkedFinding.With(Finding, scan.Markings.On(Finding.Id), scan.ScanId);
        Finding = marked;
        _events.AddRange(events);
        if (MarkedFinding.MuteEnded(Finding, scan.Today, scan.Markings.HeldBy(Finding.Subject)) is { } why)
        {
            Finding = Finding with { State = FindingState.Open, Mute = null };
            Note("unmuted", why);
        }
    }

    private string Gone() =>
        FindingRules.ById(Finding.Rule) is IRequestRule
            ? $"no longer requested in complete scan {scan.ScanId}"
            : $"consent no longer present in complete scan {scan.ScanId}";

    /// <summary>Parts read in half may show less than there is: then the finding may grow but not shrink.</summary>
    private void Stand(Judgement judgement, Verdict.Violation violation)
    {
        var before = Finding;
        Finding = before with { SubjectName = judgement.SubjectName, LastSeen = Later(scan.AsOf, before.LastSeen), PolicyVersion = scan.PolicyVersion };
        if (before.Unconfirmed)
        {
            Finding = Finding with { Unconfirmed = false };
            Note("confirmed", "seen again");
        }

        if (violation.Severity <= before.Severity && !scan.Settled(before.Rule))
        {
            return;
        }

        Finding = Finding with { Severity = violation.Severity, Title = violation.Title, Evidence = violation.Evidence };
        if (violation.Severity != before.Severity)
        {
            Note("severityChanged", $"{Name(before.Severity)} to {Name(violation.Severity)}");
        }

        if (violation.Title != before.Title || !violation.Evidence.SequenceEqual(before.Evidence))
        {
            Note("evidenceChanged", string.Join(", ", Differing(before, violation)));
        }
    }

    private void Reopen(Judgement judgement, Verdict.Violation violation)
    {
        var at = Later(scan.AsOf, Finding.ResolvedAt ?? scan.AsOf);
        Finding = Finding with
        {
            SubjectName = judgement.SubjectName,
            Severity = violation.Severity,
            State = FindingState.Open,
            Title = violation.Title,
            Evidence = violation.Evidence,
            Unconfirmed = false,
            LastSeen = Later(scan.AsOf, Finding.LastSeen),
            OpenedAt = at,
            ResolvedAt = null,
            ResolvedBy = null,
            Cause = null,
            PolicyVersion = scan.PolicyVersion,
        };
        Note("reopened", Name(violation.Severity));
    }

    private void Resolve(ResolutionCause cause, string by)
    {
        Finding = Finding with
        {
            State = FindingState.Resolved,
            Unconfirmed = false,
            ResolvedAt = Later(scan.AsOf, Finding.OpenedAt),
            ResolvedBy = by,
            Cause = cause,
            Mute = null,
            PolicyVersion = scan.PolicyVersion,
        };
        Note("resolved", by);
    }

    private void LeaveUnconfirmed(string why)
    {
        if (!Finding.Unconfirmed)
        {
            Finding = Finding with { Unconfirmed = true };
            Note("unconfirmed", why);
        }
    }

    private void Note(string change, string detail)
    {
        Finding = Finding with { Events = Finding.Events + 1 };
        _events.Add(new FindingEvent(Finding.Id, Finding.Events, scan.AsOf, change, detail, scan.ScanId));
    }

    private static IEnumerable<string> Differing(Finding before, Verdict.Violation after)
    {
        var kept = before.Evidence.Intersect(after.Evidence).ToHashSet();
        var names = before.Evidence.Concat(after.Evidence).Where(item => !kept.Contains(item)).Select(item => item.Name);
        return (before.Title == after.Title ? names : names.Prepend("title")).Distinct(StringComparer.Ordinal).DefaultIfEmpty("order");
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string Name(Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        Severity.Low => "low",
        _ => "none",
    };
}
