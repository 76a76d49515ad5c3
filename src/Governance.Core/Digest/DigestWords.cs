using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Digest;

/// <summary>Turns facts into the words of one language; small groups of people are never shown with their number.</summary>
public sealed class DigestWords(Language language, GovernancePolicy policy)
{
    public Language Language { get; } = language;

    public Wording Name(string name) =>
        TenantText.Plain(name).Length == 0 ? Wording.Ours(Language.Text("unnamed")) : Wording.Tenant(name);

    /// <summary>A number of people; a group below the policy's smallest is "fewer than n", none at all is 0.</summary>
    public Wording People(int count) => count > 0 && count < policy.SmallestGroupShown
        ? Language.Say("people.few", ("n", policy.SmallestGroupShown))
        : Language.Say("people", ("n", count));

    /// <summary>A number of people that may be higher where not everyone could be counted: "at least n".</summary>
    public Wording People(int count, bool complete) => complete || count < policy.SmallestGroupShown ? People(count) : Language.Say("people.at-least", ("n", count));

    public Wording People(Reach reach) => reach.TenantWide ? Language.Say("people.everyone", ("n", reach.Users)) : People(reach.Users);

    /// <summary>What an app can open, such as "customer data and documents"; the staff directory only when nothing else.</summary>
    public string Data(AssessedApp app)
    {
        var categories = app.Permissions.SelectMany(permission => permission.Rating.Categories).Distinct().Order().ToArray();
        var telling = categories.Length > 1 ? [.. categories.Where(category => category != DataCategory.IdentityDirectory)] : categories;
        return telling.Length == 0 ? Language.Text("data.none") : Join([.. telling.Select(category => Language.Text($"data.{category}"))]);
    }

    /// <summary>Roles that sign off, such as "security and legal"; one that is not ours keeps the policy's name.</summary>
    public Wording Roles(ImmutableArray<string> roles)
    {
        var parts = ImmutableArray.CreateBuilder<TextPart>();
        foreach (var (at, role) in roles.Index())
        {
            if (at > 0)
            {
                parts.Add(new TextPart(Language.Text(at == roles.Length - 1 ? "list.and" : "list.comma"), false));
            }

            parts.Add(Language.Has($"owner-role.{role}") ? new TextPart(Language.Text($"owner-role.{role}"), false) : new TextPart(role, true));
        }

        return new Wording(parts.ToImmutable());
    }

    /// <summary>A period as people name it; null for a day, which its date names, and for a key of no known kind.</summary>
    /// <param name="key">Such as <c>2026-W47</c>, <c>2026-11</c> or <c>2026-Q4</c>.</param>
    public string? Period(string key) => key.Split('-') switch
    {
        [var year, ['W', .. var week]] => Language.Say("period.week", ("number", week.TrimStart('0')), ("year", year)).ToPlainText(),
        [var year, ['Q', .. var quarter]] => Language.Say("period.quarter", ("number", quarter), ("year", year)).ToPlainText(),
        [var year, { Length: 2 } month] when int.TryParse(month, out var number) && number is >= 1 and <= 12 =>
            Language.Say("period.month", ("month", Language.Month(number)), ("year", year)).ToPlainText(),
        _ => null,
    };

    /// <summary>A day, with its year only where that is another one.</summary>
    public string Day(DateOnly day, DateOnly today) => day.Year == today.Year ? Language.ShortDate(day) : Language.Date(day);

    public DigestTile Tile(KpiValue kpi)
    {
        var target = kpi.Target is { } goal ? Language.Say("target", ("target", Figure(goal, kpi.Unit))).ToPlainText() : null;
        var trend = kpi.Trend == Trend.None || kpi.Previous is null
            ? Language.Text("trend.none")
            : Language.Say($"trend.{(kpi.Trend == Trend.Up ? "up" : kpi.Trend == Trend.Down ? "down" : "flat")}", ("previous", Figure(kpi.Previous.Value, kpi.Unit))).ToPlainText();
        return new DigestTile(kpi.Id, Language.Text($"kpi.{kpi.Id}"), Value(kpi), kpi.Trend, trend, target, ToneOf(kpi), kpi.Complete);
    }

    /// <summary>The value with its unit; small groups of people hidden; the words for "not available" when there is none.</summary>
    public string Value(KpiValue kpi) => kpi.Value is { } value ? Figure(value, kpi.Unit) : Language.Text("not-available");

    public string Figure(decimal value, string unit) => unit switch
    {
        "percent" => Language.Percent(value),
        "hours" => Language.Say("hours", ("n", value)).ToPlainText(),
        "money" when policy.CostScenario is { } scenario => Language.Say("money", ("amount", value), ("currency", scenario.Currency)).ToPlainText(),
        "users" when value > 0 && value < policy.SmallestGroupShown => "< " + Language.Number(policy.SmallestGroupShown),
        _ => Language.Number(value),
    };

    public DigestLine ChangeLine(Finding finding, string change) => new(
        Language.Say($"change.{change}", ("app", Name(finding.SubjectName)), ("rule", Language.Text($"rule.{finding.Rule}"))),
        change == "resolved" ? Tone.Good : ToneOf(finding.Severity));

    /// <param name="app">Null when the finding is about no app.</param>
    public DigestLine FindingLine(Finding finding, AssessedApp? app)
    {
        var severity = Language.Text($"severity.{finding.Severity}");
        var imitated = finding.Rule == "look-alike" ? app?.Classification.Lookalike?.Imitates : null;
        return new DigestLine(
            new Wording(imitated is null
                ? [.. Name(finding.SubjectName).Parts, new TextPart($" ({severity})", false)]
                : [.. Name(finding.SubjectName).Parts, new TextPart($" ({severity}; {Language.Text("report.imitates")} ", false), new TextPart(imitated, true), new TextPart(")", false)]),
            ToneOf(finding.Severity));
    }

    public DigestLine RiskLine(AssessedApp app) => new(
        new Wording([
            .. Name(app.App.Principal.Name).Parts,
            new TextPart($" ({Language.Text("column.risk")} {Language.Number(app.Risk.Score)}{Language.Text("report.comma")}", false),
            .. People(app.App.Reach).Parts,
            new TextPart($"{Language.Text("report.comma")}{Data(app)})", false),
        ]),
        ToneOf(app.Risk.Level));

    public string Join(IReadOnlyList<string> items) => items.Count switch
    {
        0 => string.Empty,
        1 => items[0],
        _ => string.Join(Language.Text("list.comma"), items.Take(items.Count - 1)) + Language.Text("list.and") + items[^1],
    };

    public static Tone ToneOf(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => Tone.Bad,
        Severity.Medium => Tone.Warning,
        _ => Tone.Neutral,
    };

    public static Tone ToneOf(GovernanceState state) => state switch
    {
        GovernanceState.Approved => Tone.Good,
        GovernanceState.UnderReview or GovernanceState.Drifted or GovernanceState.Expired => Tone.Warning,
        GovernanceState.Unapproved or GovernanceState.Denied => Tone.Bad,
        _ => Tone.Neutral,
    };

    public string State(GovernanceState state, bool unconfirmed) =>
        Language.Text($"state.{state}") + (unconfirmed ? Language.Text("report.comma") + Language.Text("unconfirmed") : string.Empty);

    /// <summary>Order in which states are shown: what needs action first.</summary>
    public static int Rank(GovernanceState state) => state switch
    {
        GovernanceState.Denied => 0,
        GovernanceState.Unapproved => 1,
        GovernanceState.Drifted => 2,
        GovernanceState.Expired => 3,
        GovernanceState.UnderReview => 4,
        GovernanceState.Approved => 5,
        _ => 6,
    };

    private static Tone ToneOf(KpiValue kpi)
    {
        if (kpi.Value is not { } value || kpi.Target is not { } target)
        {
            return Tone.Neutral;
        }

        // An incomplete number is at least what was seen: too many it can be known to be, within the target it cannot.
        var lowerIsBetter = KpiCatalogue.ById(kpi.Id)?.LowerIsBetter == true;
        var met = lowerIsBetter ? value <= target : value >= target;
        return kpi.Complete ? met ? Tone.Good : Tone.Bad
            : lowerIsBetter && !met ? Tone.Bad
            : Tone.Neutral;
    }
}
