using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Tests;

internal static partial class Some
{
    public static RatedPermission Rated(string value, Severity severity = Severity.Low, params DataCategory[] categories) =>
        Rated(Scope(value), severity, categories);

    public static RatedPermission Rated(HeldPermission held, Severity severity = Severity.Low, params DataCategory[] categories) =>
        new(held, new PermissionRating(true, severity, [.. categories], false, "because"));

    /// <summary>An unapproved AI tool with one harmless consent of one user.</summary>
    public static AssessedApp Assessed(
        int number = 1,
        GovernanceState state = GovernanceState.Unapproved,
        Severity risk = Severity.Medium,
        RatedPermission[]? permissions = null,
        Reach? reach = null,
        Classification? classification = null,
        ServicePrincipal? principal = null,
        DateTimeOffset? lastSignIn = null,
        bool signInsKnown = true,
        DateTimeOffset? firstSeen = null)
    {
        var rated = permissions ?? [Rated("User.Read")];
        return new AssessedApp(
            App(principal ?? Principal(number), rated.Select(permission => permission.Held), reach, lastSignIn, signInsKnown),
            classification ?? Classification(),
            [.. rated],
            new RiskScore(40, risk, [], "1"),
            new Standing(state, "because of the policy", null),
            firstSeen ?? Moment,
            Moment);
    }

    /// <summary>Where an app stands when everything was read.</summary>
    public static Standing StandingOf(
        ConsentedApp app, Classification classification, GovernancePolicy policy, DateOnly today, Func<HeldPermission, IEnumerable<string>>? opens = null) =>
        PolicyStanding.Of(app, classification, policy, today, opens ?? (_ => []), StandingEvidence.Whole);

    public static Classification Unknown(params Signal[] signals) =>
        Classification(Ai(AiVerdict.Unknown, null, IdentityProof.None, 0.3) with { Evidence = [.. signals] });

    public static Signal Sign(double weight = 0.3) => new("genericName", "Notetaker", "notetaker", weight);

    public static JudgementContext Context(
        Inventory? inventory = null, GovernancePolicy? policy = null, DateTimeOffset? watchedSince = null) =>
        new(policy ?? Policy(), inventory ?? Inventory(), (inventory ?? Inventory()).ReadAt, new TenantHistory(watchedSince, []));

    public static ConsentRequest Request(int app = 1, DateTimeOffset? oldest = null, int? pending = 1, string id = "r1") =>
        new(id, Id(100_000 + app), "Wanted App", ["Mail.Read"], oldest, pending);

    public static KpiContext Measured(
        AssessedApp[]? apps = null,
        Finding[]? findings = null,
        Inventory? inventory = null,
        KpiValue[]? previous = null,
        ScanNight[]? nights = null,
        GovernancePolicy? policy = null,
        DateTimeOffset? watchedSince = null) =>
        new(
            [.. apps ?? []],
            [.. findings ?? []],
            inventory ?? Inventory(),
            [.. previous ?? []],
            [.. nights ?? []],
            policy ?? Policy(),
            Moment,
            watchedSince ?? Moment.AddDays(-200));

    public static Finding Finding(
        string rule = "unapproved-ai-tool", int subject = 1, DateTimeOffset? opened = null, DateTimeOffset? resolved = null, ResolutionCause? cause = null) =>
        new(
            FindingId.Of(TenantId, rule, Id(subject).ToString()), TenantId, rule, Id(subject).ToString(), "Chat Tool", Severity.Medium,
            resolved is null ? FindingState.Open : FindingState.Resolved, "A title.", [], false, opened ?? Moment, opened ?? Moment, opened ?? Moment,
            resolved, resolved is null ? null : "because", "000000000000")
        {
            Events = resolved is null ? 1 : 2,
            Cause = cause,
        };

    /// <summary>The inventory with one part unavailable.</summary>
    public static Inventory Without(this Inventory inventory, params InventoryPart[] parts) => inventory with
    {
        Parts = [.. inventory.Parts.Select(reading => parts.Contains(reading.Part) ? PartReading.Unavailable(reading.Part, "no right") : reading)],
    };
}
