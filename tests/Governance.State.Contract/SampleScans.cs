using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.State.Contract;

/// <summary>Made-up scans for the contract of a store.</summary>
public static class SampleScans
{
    public static readonly Guid Tenant = Guid.Parse("0a0a0a0a-1111-4222-8333-444444444444");
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    /// <summary>First scan of a tenant: every app with one finding, just opened.</summary>
    public static SampleScan First(Guid tenant, int apps = 5, string tail = "a")
    {
        var inventory = SampleInventories.Of(tenant, seed: 7, Start, apps: Math.Max(apps, 3));
        var scan = ScanOf(tenant, generation: 1, Start, tail);
        ImmutableArray<AssessedApp> assessed = [.. inventory.ServicePrincipals.Take(apps).Select((principal, n) => App(principal, n, Start))];
        ImmutableArray<Finding> findings = [.. assessed.Select((app, n) => Finding(tenant, app, n, Start)).OrderBy(finding => finding.Id, StringComparer.Ordinal)];
        return new SampleScan(
            scan,
            BasedOn: 0,
            inventory,
            assessed,
            findings,
            [.. findings.Select(finding => new FindingEvent(finding.Id, 1, Start, "opened", "seen for the first time", scan.Id))],
            Kpis(apps),
            PolicyText: "approved: []\n# 批准\n");
    }

    /// <summary>The next scan, a day later, of a tenant in which nothing changed.</summary>
    public static SampleScan Unchanged(SampleScan before, string tail = "a")
    {
        var start = before.Scan.StartedAt.AddDays(1);
        return before with
        {
            Scan = ScanOf(before.Scan.TenantId, before.Scan.Generation + 1, start, tail),
            BasedOn = before.Scan.Generation,
            Inventory = before.Inventory with { ReadAt = start },
            Apps = [.. before.Apps.Select(app => app with { LastSeen = start })],
            Findings = [.. before.Findings.Select(finding => finding.State == FindingState.Resolved ? finding : finding with { LastSeen = start })],
            Events = [],
        };
    }

    /// <summary>The next scan, in which the first app is gone with its finding, the last one is riskier, and one is new.</summary>
    public static SampleScan Changed(SampleScan before, string tail = "a")
    {
        var next = Unchanged(before, tail);
        var (start, scan) = (next.Scan.StartedAt, next.Scan);
        var goneId = next.Apps[0].Id;
        var fresh = SampleInventories.Of(scan.TenantId, seed: 99 + scan.Generation, start, apps: 3).ServicePrincipals[0];
        var riskier = next.Apps[^1] with { Risk = next.Apps[^1].Risk with { Score = 90, Level = Severity.Critical } };
        var newApp = App(fresh, 77 + scan.Generation, start);
        var newFinding = Finding(scan.TenantId, newApp, 77 + scan.Generation, start);
        var gone = next.Findings.First(finding => finding.Subject == goneId.ToString());
        var resolved = gone with { State = FindingState.Resolved, ResolvedAt = start, ResolvedBy = "absent from a complete read", LastSeen = before.Scan.StartedAt, Events = 2, Cause = ResolutionCause.CompleteEvidence };
        return next with
        {
            Inventory = next.Inventory with
            {
                ServicePrincipals = [.. next.Inventory.ServicePrincipals.Where(principal => principal.Id != goneId).Append(fresh).OrderBy(principal => principal.Id)],
                Grants = SampleInventories.Rebuilt(next.Inventory.Grants, new Random(1), 0, 3),
            },
            Apps = [.. next.Apps[1..^1].Append(riskier).Append(newApp).OrderBy(app => app.Id)],
            Findings = [.. next.Findings.Select(finding => finding.Id == gone.Id ? resolved : finding).Append(newFinding).OrderBy(finding => finding.Id, StringComparer.Ordinal)],
            Events =
            [
                new FindingEvent(gone.Id, 2, start, "resolved", "absent from a complete read", scan.Id),
                new FindingEvent(newFinding.Id, 1, start, "opened", "seen for the first time", scan.Id),
            ],
            Kpis = Kpis(next.Apps.Length + 1),
        };
    }

    public static ImmutableArray<KpiValue> Kpis(int value) =>
    [
        new("ai-tools-in-use", value, "count", 3.5m, null, Trend.Up, value, 1, true, null),
        new("approval-coverage", null, "percent", null, 33.333333333333333333333333m, Trend.None, 0, 2, false, "no AI tool holds consent") { Parts = [new KpiPart("p90", 7.25m, 0.5m), new KpiPart("p95", 8m)] },
    ];

    /// <summary>The state that commits leave, said without a store.</summary>
    public static TenantState StateAfter(params SampleScan[] commits)
    {
        var last = commits[^1];
        var firstSeen = ImmutableDictionary.CreateBuilder<Guid, DateTimeOffset>();
        foreach (var app in commits.SelectMany(commit => commit.Apps))
        {
            firstSeen[app.Id] = app.FirstSeen;
        }

        return new TenantState(last.Scan, last.Apps, last.Findings, firstSeen.ToImmutable(), last.Kpis, last.PolicyText);
    }

    private static Scan ScanOf(Guid tenant, int generation, DateTimeOffset start, string tail) => new(
        $"{start:yyyyMMdd'T'HHmmssfff'Z'}-{tail}{generation:0000}", tenant, "Beispiel & Söhne", ScanMode.Full, ScanStatus.Complete, start, start.AddMinutes(4),
        [PartReading.Unavailable(InventoryPart.SignInActivity, "licence", requests: 1)], new RequestCounts(12, 1, 0), generation, "0123456789ab", "2026-03");

    private static AssessedApp App(ServicePrincipal principal, int n, DateTimeOffset seen)
    {
        var held = new HeldPermission(PermissionKind.Delegated, principal.Id, null, "Microsoft Graph", "Mail.Read", TenantWide: n % 2 == 0);
        var reach = new Reach(n, n % 2 == 0, ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add("Ümlaut", 1).Add("Z", 2).Add("a", n), 1, n % 3 == 0);
        return new AssessedApp(
            new ConsentedApp(principal, FirstParty: false, [held], reach, Grants: n, AppRoles: 0, LastSignIn: n % 2 == 0 ? null : seen.AddDays(-1), SignInsKnown: true),
            new Classification(
                new AiAssessment(AiVerdict.Ai, 0.1 + (n / 7.0), "writing", null, "Product", IdentityProof.Domain, false, [new Signal("domain", "x.ai", "x.ai", 0.30000000000000004)]),
                n % 2 == 0 ? null : new Lookalike("OpenAI", "confusable", ["о is Cyrillic"]),
                FirstParty: false,
                AbusedElsewhere: null),
            [new RatedPermission(held, new PermissionRating(true, Severity.High, [DataCategory.CustomerPii, DataCategory.Communications], true, "Reads mail."))],
            new RiskScore(40 + (n % 50), Severity.Medium, [new RiskContribution("permissions", 40 + (n % 50), "Mail.Read")], "w1"),
            new Standing(GovernanceState.Unapproved, "no approval", null),
            FirstSeen: seen,
            LastSeen: seen)
        {
            UsersOverTime = [new UsersFrom(new DateOnly(2026, 2, 28), n), new UsersFrom(new DateOnly(2026, 3, 1), n + 1)],
        };
    }

    private static Finding Finding(Guid tenant, AssessedApp app, int n, DateTimeOffset seen) => new(
        $"f-{app.Id:N}", tenant, "unapproved-ai-tool", app.Id.ToString(), app.App.Principal.Name, Severity.High, FindingState.Open, "An AI tool has no approval.",
        [new EvidenceItem("users", n.ToString()), new EvidenceItem("name", app.App.Principal.Name)], Unconfirmed: false, seen, seen, seen, null, null, "0123456789ab") { Events = 1 };
}
