using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Findings;

/// <summary>Puts what people did to a finding into its state.</summary>
public static class MarkedFinding
{
    /// <summary>Findings as they stand now, between two scans.</summary>
    public static ImmutableArray<Finding> Now(ImmutableArray<Finding> findings, GovernanceRecord record)
    {
        var marks = record.Marks.ToLookup(mark => mark.FindingId, StringComparer.Ordinal);
        return [.. findings.Select(finding => With(finding, marks[finding.Id], string.Empty).Finding)];
    }

    /// <summary>A finding as it stands on a day between two scans, with what happened to it since the first.</summary>
    internal static (Finding Finding, ImmutableArray<FindingEvent> Events) Between(Finding finding, IEnumerable<FindingMark> marks, DateOnly today)
    {
        var (marked, events) = With(finding, marks, string.Empty);
        if (MuteEnded(marked, today, held: null) is not { } why)
        {
            return (marked, events);
        }

        var ended = new DateTimeOffset(marked.Mute!.Until.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        marked = marked with { State = FindingState.Open, Mute = null, Events = marked.Events + 1 };
        return (marked, events.Add(new FindingEvent(marked.Id, marked.Events, ended, "unmuted", why, string.Empty)));
    }

    /// <param name="scanId">Scan that makes the events part of the history; empty before one has.</param>
    /// <returns>A mark that came too late, as on a finding resolved meanwhile, leaves no event.</returns>
    public static (Finding Finding, ImmutableArray<FindingEvent> Events) With(Finding finding, IEnumerable<FindingMark> marks, string scanId)
    {
        var events = ImmutableArray.CreateBuilder<FindingEvent>();
        foreach (var mark in marks.Where(mark => mark.Entry > finding.Mark))
        {
            var (state, change) = (mark.Kind, finding.State) switch
            {
                (LedgerKinds.Acknowledged, FindingState.Open) => (FindingState.Acknowledged, "acknowledged"),
                (LedgerKinds.Muted, FindingState.Open or FindingState.Acknowledged) => (FindingState.Muted, "muted"),
                (LedgerKinds.Unmuted, FindingState.Muted) => (FindingState.Open, "unmuted"),
                _ => (finding.State, string.Empty),
            };
            finding = finding with
            {
                State = state,
                Mark = mark.Entry,
                Mute = state == FindingState.Muted && mark.Kind == LedgerKinds.Muted ? new FindingMute(mark.Until ?? default, mark.Permissions, mark.Entry)
                    : state == FindingState.Muted ? finding.Mute : null,
            };
            if (change.Length > 0)
            {
                finding = finding with { Events = finding.Events + 1 };
                var until = mark.Until is { } day ? string.Create(CultureInfo.InvariantCulture, $" until {day:yyyy-MM-dd}") : string.Empty;
                events.Add(new FindingEvent(
                    finding.Id, finding.Events, mark.At, change, string.Create(CultureInfo.InvariantCulture, $"by {mark.By}{until}, ledger entry {mark.Entry}"), scanId));
            }
        }

        return (finding, events.ToImmutable());
    }

    /// <param name="held">What the app holds now; null when the scan did not see it.</param>
    /// <returns>Why the mute is over; null while it holds, and when there is none.</returns>
    internal static string? MuteEnded(Finding finding, DateOnly today, ImmutableArray<string>? held)
    {
        if (finding is not { State: FindingState.Muted, Mute: { } mute })
        {
            return null;
        }

        if (today > mute.Until)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the mute ended on {mute.Until:yyyy-MM-dd}");
        }

        var more = mute.Permissions is { } before && held is { } now ? now.Except(before, StringComparer.OrdinalIgnoreCase).Count() : 0;
        return more > 0 ? string.Create(CultureInfo.InvariantCulture, $"the app holds {more} permissions more than when it was muted") : null;
    }
}
