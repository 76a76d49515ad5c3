using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>Facts of a made-up organisation for reports and exports; the same for the same arguments.</summary>
internal sealed class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);

    private static readonly DateOnly Today = DateOnly.FromDateTime(Now.UtcDateTime);

    private static readonly Guid Tenant = Guid.Parse("11111111-0000-4000-8000-000000000001");

    private static readonly string[] Products =
    [
        "ChatGPT", "Jasper", "Midjourney", "Otter.ai", "Fireflies.ai Notetaker", "Grammarly", "Copy.ai", "Writer", "Synthesia", "Descript",
        "Runway", "Perplexity", "Notion AI", "Gamma", "Tome", "Read AI", "Fathom", "Lavender", "Surfer SEO", "HeyGen", "ElevenLabs", "DeepL",
    ];

    private static readonly (string Value, Severity Severity, DataCategory[] Data)[] Scopes =
    [
        ("Mail.Read", Severity.High, [DataCategory.CustomerPii, DataCategory.Communications]),
        ("Files.Read.All", Severity.High, [DataCategory.CreativeAssets, DataCategory.Content]),
        ("Sites.Read.All", Severity.High, [DataCategory.CampaignPerformance, DataCategory.Content]),
        ("Calendars.Read", Severity.Medium, [DataCategory.Communications]),
        ("User.Read", Severity.Low, [DataCategory.IdentityDirectory]),
        ("Contacts.Read", Severity.High, [DataCategory.CustomerPii]),
        ("OnlineMeetingTranscript.Read.All", Severity.Critical, [DataCategory.Communications, DataCategory.CustomerPii]),
    ];

    private static readonly string[] Departments =
        ["Marketing", "Sales", "Design", "Customer Success", "Legal", "Finance", "Human Resources", "Product Communications and Community"];

    private readonly Random _random;

    private Sample(int seed) => _random = new Random(seed);

    /// <param name="names">Names for the first apps; the rest is named after products.</param>
    /// <param name="partial">Parts that were not read whole.</param>
    public static StoredFacts Facts(
        int apps = 60,
        int scans = 12,
        string[]? names = null,
        string[]? departments = null,
        string tenant = "Brightwave",
        int smallestGroup = 5,
        int peopleUpTo = 60,
        params InventoryPart[] partial) =>
        new Sample(7).Make(apps, scans, names ?? [], departments ?? Departments, tenant, smallestGroup, peopleUpTo, partial);

    private StoredFacts Make(int count, int scans, string[] names, string[] departments, string tenant, int smallestGroup, int peopleUpTo, InventoryPart[] partial)
    {
        var policy = new GovernancePolicy(
            "a1b2c3d4e5f6",
            [new DepartmentOfInterest("Marketing", [])],
            [
                .. Products.Take(8).Select((product, at) => new ToolApproval(
                    new ToolReference(product, null, null), null, null, false, null, Today.AddDays((at * 9) - 12), Today.AddDays((at * 40) - 30), "Petra Person",
                    at % 2 == 0 && names.Length > at ? names[at] : null)),
            ],
            [],
            [new ToolReview(new ToolReference(Products[9], null, null), Today.AddDays(-3)), new ToolReview(new ToolReference(Products[10], null, null), null)],
            ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, decimal>
            {
                ["governance-index"] = 80, ["unapproved-ai-tools"] = 5, ["approval-coverage"] = 80, ["customer-data-exposure"] = 25, ["overdue-reviews"] = 3,
            }),
            null)
        {
            SmallestGroupShown = smallestGroup,
        };
        ImmutableArray<AssessedApp> apps = [.. Enumerable.Range(1, count).Select(at => App(at, names, departments, peopleUpTo)).OrderBy(app => app.Id)];
        ImmutableArray<PartReading> parts =
        [
            .. Enum.GetValues<InventoryPart>().Select(part => partial.Contains(part)
                ? new PartReading(part, PartStatus.Partial, 1200, 4810, 2, 5, "throttled out after 5 tries", null)
                : part == InventoryPart.SignInActivity
                    ? PartReading.Unavailable(part, "needs a Microsoft Entra ID P1 or P2 licence")
                    : new PartReading(part, PartStatus.Complete, 4810, part == InventoryPart.AppRoleAssignments ? null : 4810, 5, 5, null, null)),
        ];
        ImmutableArray<Finding> findings = [.. apps.SelectMany(Findings).OrderBy(finding => finding.Id, StringComparer.Ordinal)];
        ImmutableArray<FindingEvent> events =
        [
            .. findings.Where((_, at) => at % 7 == 0).Select(finding => new FindingEvent(
                finding.Id, 1, Now, finding.Live ? "opened" : "resolved", "high", "20261120T020000000Z-7f3a")),
        ];
        var history = ImmutableArray.CreateBuilder<ScanKpis>();
        ImmutableArray<KpiValue> before = [];
        for (var at = 0; at < scans; at++)
        {
            before = Kpis(apps, policy, before, at, scans, partial.Length > 0 && at == scans - 1);
            history.Add(new ScanKpis($"scan-{at}", Now.AddDays(7 * (at - scans + 1)), ScanStatus.Complete, before));
        }

        var scan = new Scan(
            "20261120T020000000Z-7f3a", Tenant, tenant, ScanMode.Full, partial.Length > 0 ? ScanStatus.Partial : ScanStatus.Complete, Now, Now.AddMinutes(3),
            parts, new RequestCounts(40, 2, 1), scans, policy.Version, "2026.11");
        var state = new TenantState(scan, apps, findings, ImmutableDictionary<Guid, DateTimeOffset>.Empty, before, string.Empty);
        var digest = new DigestInput(tenant, Now, scans == 1, parts, apps, findings, events, before, policy) { Record = Asked(apps) };
        return new StoredFacts(state, digest, history.ToImmutable(), policy);
    }

    /// <summary>Three open requests: one that nobody signed, one that one role signed, one that all did.</summary>
    private static GovernanceRecord Asked(ImmutableArray<AssessedApp> apps)
    {
        SignOff[] signed = [new("marketing", "p-1", Now), new("security", "p-2", Now), new("legal", "p-3", Now)];
        var requests = apps.Take(3).Select((app, at) => new ApprovalRequest(
            $"R{at + 1}", new ApprovalScope(app.App.Principal.AppId!.Value, null, ["User.Read"], null, null, false), RequestState.Open, Now.AddDays(-at), "p-9", "p-9",
            Today.AddDays(at - 1), ["marketing", "security", "legal"], [.. signed.Take(at == 2 ? 3 : at)], new RiskPrefill(40, "medium", "ai", 3, "permissions 40"), null, 1));
        return GovernanceRecord.Empty with { Requests = GovernanceRecord.Empty.Requests.AddRange(requests.Select(request => KeyValuePair.Create(request.Id, request))) };
    }

    private AssessedApp App(int number, string[] names, string[] departments, int peopleUpTo)
    {
        var firstParty = number % 15 == 0;
        var lookalike = number % 11 == 0 && !firstParty;
        var feature = number % 6 == 0 && !lookalike && !firstParty;
        var product = Products[number % Products.Length];
        var name = number <= names.Length ? names[number - 1] : firstParty ? $"Microsoft Service {number}" : lookalike ? $"Micros0ft Copi1ot {number}" : number > Products.Length ? $"{product} {number}" : product;
        var owner = Guid.Parse($"22222222-0000-4000-8000-{number:D12}");
        var principal = new ServicePrincipal
        {
            Id = Guid.Parse($"33333333-0000-4000-8000-{number:D12}"),
            AppId = Guid.Parse($"44444444-0000-4000-8000-{number:D12}"),
            DisplayName = name,
            OwnerTenantId = owner,
            Homepage = "https://example.com/",
            VerifiedPublisher = _random.Next(3) > 0 ? new VerifiedPublisher(number <= names.Length ? names[number - 1] : $"{product} Inc.", "1", null) : null,
        };
        ImmutableArray<RatedPermission> permissions =
        [
            .. Scopes.Where(_ => _random.Next(3) == 0).Append(Scopes[4]).Distinct().Select(scope => new RatedPermission(
                new HeldPermission(PermissionKind.Delegated, owner, owner, "Microsoft Graph", scope.Value, false),
                new PermissionRating(true, scope.Severity, [.. scope.Data], false, "reads"))),
        ];
        var wide = number % 19 == 0;
        var byDepartment = departments.Select((department, at) => (department, People: _random.Next(Math.Max(1, peopleUpTo / (at + 1)))))
            .Where(part => part.People > 0).ToImmutableSortedDictionary(part => part.department, part => part.People, StringComparer.Ordinal);
        var reach = new Reach(wide ? 600 : byDepartment.Values.Sum() + 2, wide, byDepartment, 2, true);
        var app = new ConsentedApp(principal, firstParty, [.. permissions.Select(held => held.Held)], reach, byDepartment.Count, 0, null, false);
        var score = _random.Next(8, 96);
        var level = score > 75 ? Severity.Critical : score > 55 ? Severity.High : score > 30 ? Severity.Medium : Severity.Low;
        GovernanceState[] states =
        [
            GovernanceState.Approved, GovernanceState.Unapproved, GovernanceState.Unapproved, GovernanceState.UnderReview, GovernanceState.Drifted,
            GovernanceState.Approved, GovernanceState.Expired, GovernanceState.Denied,
        ];
        var ai = new AiAssessment(
            firstParty ? AiVerdict.NotAi : feature ? AiVerdict.AiFeature : lookalike ? AiVerdict.Unknown : AiVerdict.Ai,
            0.95, "writing", lookalike ? null : $"{product} Inc.", product, IdentityProof.Domain, false, [new Signal("domain", "example.com", product, 0.9)]);
        return new AssessedApp(
            app,
            new Classification(ai, lookalike ? new Lookalike("Microsoft Copilot", "confusable", ["0 for o"]) : null, firstParty, null),
            permissions,
            new RiskScore(score, level, [new("permissions", score / 2, "holds Mail.Read"), new("reach", score - (score / 2), "reaches people")], "1"),
            new Standing(ai.IsAi ? states[number % states.Length] : GovernanceState.NotApplicable, "no approval names it", null),
            Now.AddDays(-80),
            Now);
    }

    private static IEnumerable<Finding> Findings(AssessedApp app)
    {
        if (app.Unapproved)
        {
            yield return Of(app, app.Standing.State switch
            {
                GovernanceState.Denied => "denied-tool-consented",
                GovernanceState.Expired => "approval-expired",
                GovernanceState.Drifted => "approval-drift",
                _ => "unapproved-ai-tool",
            });
        }

        if (app.Classification.Lookalike is not null)
        {
            yield return Of(app, "look-alike");
        }
    }

    private static Finding Of(AssessedApp app, string rule) => new(
        $"f-{rule}-{app.Id:N}", Tenant, rule, app.Id.ToString(), app.App.Principal.Name, app.Risk.Level,
        app.Risk.Score % 9 == 0 ? FindingState.Resolved : app.Risk.Score % 10 == 1 ? FindingState.Acknowledged : FindingState.Open,
        "An AI tool holds consent without approval.",
        [
            new EvidenceItem("product", app.Classification.Ai.Product ?? "not in the catalogue"), new EvidenceItem("standing", app.Standing.Reason),
            new EvidenceItem("users", app.App.Reach.Users.ToString(System.Globalization.CultureInfo.InvariantCulture)), new EvidenceItem("permissions", "Mail.Read User.Read"),
        ],
        false, Now.AddDays(-20), Now, Now.AddDays(-(app.Risk.Score % 20)), app.Risk.Score % 9 == 0 ? Now : null, app.Risk.Score % 9 == 0 ? "consent no longer present" : null, "a1b2c3d4e5f6");

    private ImmutableArray<KpiValue> Kpis(ImmutableArray<AssessedApp> apps, GovernancePolicy policy, ImmutableArray<KpiValue> before, int at, int scans, bool incomplete)
    {
        var inUse = apps.Count(app => app.AiInUse);
        var unapproved = apps.Count(app => app.Unapproved);
        var left = scans - 1 - at;
        return
        [
            .. KpiCatalogue.All.Select(kpi =>
            {
                decimal? value = kpi.Id switch
                {
                    "ai-tools-in-use" => Math.Max(0, inUse - (left * 2)),
                    "unapproved-ai-tools" => Math.Max(0, unapproved - left + (left is 5 or 6 ? 4 : 0)),
                    "approval-coverage" => inUse == 0 ? null : Math.Round(100m * (inUse - unapproved) / inUse, 1) - left,
                    "cost-scenario" or "training-coverage" or "dormant-access" => null,
                    "exposed-users" => inUse == 0 ? 0 : 412 - (left * 9),
                    "exposed-users-marketing" => inUse == 0 ? 0 : 3,
                    "exposed-users-marketing-share" => inUse == 0 ? 0 : 2.5m,
                    "governance-index" => 48.5m - left,
                    _ => kpi.Unit == "percent" ? 40 + _random.Next(30) : _random.Next(12),
                };
                var previous = before.FirstOrDefault(other => other.Id == kpi.Id)?.Value;
                return new KpiValue(
                    kpi.Id, value, kpi.Unit, policy.KpiTargets.TryGetValue(kpi.Id, out var target) ? target : null, previous,
                    previous is null || value is null ? Trend.None : value > previous ? Trend.Up : value < previous ? Trend.Down : Trend.Flat,
                    kpi.Id.StartsWith("exposed-users-marketing", StringComparison.Ordinal) ? 120 : inUse, 1, kpi.Id != "dormant-access" && !incomplete, kpi.Id == "dormant-access" ? "not read: signInActivity" : null)
                {
                    Parts = kpi.Id == "governance-index" ? [new("approval-coverage", 40, 0.5m), new("audit-cadence", 90, 0.5m)]
                        : kpi.Unit == "hours" ? [new("p25", 3), new("p90", 40.5m)] : [],
                };
            }),
        ];
    }
}
