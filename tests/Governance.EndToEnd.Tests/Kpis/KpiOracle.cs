using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Kpis;

/// <summary>
/// Works out KPI values a second time, by going over every row of the made-up tenant as plainly as can be. Which app is AI and
/// where it stands with the policy is taken from the scan; who holds what, whom it reaches and since when is not.
/// </summary>
/// <param name="nights">The tenant on each night, the last one last.</param>
/// <param name="starts">When each night's scan began.</param>
/// <param name="inventory">For the audit log and the requests, which only travel over the wire.</param>
internal sealed class KpiOracle(SimulatedTenant[] nights, DateTimeOffset[] starts, TenantState state, Inventory inventory, GovernancePolicy policy)
{
    private static readonly string[] Marketing =
        ["marketing", "marketing dach", "performance marketing", "brand & content", "social media", "marketing & kommunikation", "marketing et communication", "市场部", "mktg", "content-marketing"];

    private readonly SimulatedTenant _tenant = nights[^1];
    private readonly DateTimeOffset _asOf = starts[^1];
    private readonly Dictionary<Guid, AppTruth> _truth = TenantTruth.Of(nights[^1]).Apps.ToDictionary(app => app.Key, app => app.Value);

    public Dictionary<string, decimal?> Values()
    {
        var tools = Tools();
        var bad = tools.Where(app => app.Standing.State != GovernanceState.Approved).ToList();
        var exposed = Exposed(bad.Select(app => app.Id));
        var marketing = _tenant.Users.Where(user => user.Department is { } department && Marketing.Contains(department.Trim().ToLowerInvariant())).ToList();
        var exposedMarketing = marketing.Where(user => exposed.Contains(user.Id)).ToList();
        var marketingPeople = marketing.Count(user => Enabled(user) || exposed.Contains(user.Id));
        var values = new Dictionary<string, decimal?>
        {
            ["ai-tools-in-use"] = tools.Count,
            ["unapproved-ai-tools"] = bad.Count,
            ["approval-coverage"] = Share(tools.Count - bad.Count, tools.Count),
            ["exposed-users"] = exposed.Count,
            ["exposed-users-marketing"] = exposedMarketing.Count,
            ["exposed-users-marketing-share"] = Share(exposedMarketing.Count, marketingPeople),
            ["customer-data-exposure"] = Share(tools.Count(OpensCustomerData), tools.Count),
            ["customer-data-exposure-unapproved"] = Share(bad.Count(OpensCustomerData), tools.Count),
            ["tenant-wide-grants"] = tools.Count(app => _truth[app.Id].TenantWide || _truth[app.Id].Application.Length > 0),
            ["new-ai-consents"] = NewConsents(tools),
            ["time-to-detect"] = TimeToDetect(tools),
            ["time-to-decide"] = Median(state.Findings.Where(finding => finding is { Rule: "unapproved-ai-tool", Cause: ResolutionCause.Policy }).Where(Recent).Select(Open)),
            ["time-to-remediate"] = Median(state.Findings.Where(Recent).Select(Open)),
            ["overdue-reviews"] = Overdue(),
            ["permission-drift"] = tools.Count(app => app.Standing.State == GovernanceState.Drifted),
            ["audit-cadence"] = Cadence(),
            ["verified-publisher-share"] = Share(tools.Count(app => _truth[app.Id].App!.VerifiedPublisher is not null), tools.Count),
            ["look-alikes"] = state.Apps.Count(app => app.Classification.Lookalike is not null),
            ["grandfathered-grants"] = bad.Count(app => _truth[app.Id].App!.Created < _asOf.AddDays(-180)),
            ["training-coverage"] = Trained(tools),
            ["cost-scenario"] = Cost(bad.Count, tools.Count),
            ["dormant-access"] = tools.Count(Unused),
        };
        values["governance-index"] = Index(values, tools.Count);
        return values;
    }

    /// <summary>Figures of each department, and how many people are in it.</summary>
    public Dictionary<string, (int People, Dictionary<string, decimal?> Values)> Departments()
    {
        var tools = Tools();
        var bad = tools.Where(app => app.Standing.State != GovernanceState.Approved).ToList();
        var reached = tools.ToDictionary(app => app.Id, app => Exposed([app.Id]));
        var exposed = Exposed(bad.Select(app => app.Id));
        return _tenant.Users.Where(user => DepartmentOf(user) is not null).GroupBy(user => DepartmentOf(user)!).ToDictionary(
            department => department.Key,
            department =>
            {
                var people = department.Select(user => user.Id).ToHashSet();
                var own = tools.Where(app => reached[app.Id].Overlaps(people)).ToList();
                var ownBad = own.Count(app => app.Standing.State != GovernanceState.Approved);
                return (department.Count(Enabled), new Dictionary<string, decimal?>
                {
                    ["ai-tools-in-use"] = own.Count,
                    ["unapproved-ai-tools"] = ownBad,
                    ["approval-coverage"] = Share(own.Count - ownBad, own.Count),
                    ["exposed-users"] = people.Count(exposed.Contains),
                    ["customer-data-exposure"] = Share(own.Count(OpensCustomerData), own.Count),
                    ["verified-publisher-share"] = Share(own.Count(app => _truth[app.Id].App!.VerifiedPublisher is not null), own.Count),
                });
            });
    }

    private List<AssessedApp> Tools() =>
        [.. state.Apps.Where(app => app.Classification is { Ai.Verdict: AiVerdict.Ai, FirstParty: false } && Holds(app.Id))];

    private static string? DepartmentOf(SimulatedUser user) => user.Department?.Trim() is not { Length: > 0 } department ? null
        : Marketing.Contains(department.ToLowerInvariant()) ? "Marketing" : department;

    /// <summary>People with a consent of their own, one row after the other.</summary>
    private decimal? Trained(List<AssessedApp> tools)
    {
        if (policy.TrainingGroupId is not { } id)
        {
            return null;
        }

        var members = _tenant.Groups.Single(group => group.Id == id).Members.ToHashSet();
        var users = new HashSet<Guid>();
        foreach (var grant in _tenant.Grants)
        {
            if (grant.PrincipalId is { } user && tools.Any(app => app.Id == grant.ClientId))
            {
                users.Add(user);
            }
        }

        return Share(users.Count(members.Contains), users.Count);
    }

    private decimal? Cost(int bad, int tools) => policy.CostScenario is not { } scenario ? null
        : decimal.Round(scenario.LittleShadowAi.Amount + ((scenario.MuchShadowAi.Amount - scenario.LittleShadowAi.Amount) * bad / tools), 0, MidpointRounding.AwayFromZero);

    /// <summary>By the sign-ins as they were read.</summary>
    private bool Unused(AssessedApp app)
    {
        var boundary = _asOf.AddDays(-policy.DormantAfterDays);
        return app.App.LastSignIn is { } last ? last <= boundary : app.App.Principal.CreatedAt <= boundary;
    }

    private bool Holds(Guid id) => _truth.TryGetValue(id, out var app) && (app.Grants > 0 || app.Application.Length > 0);

    private static bool Enabled(SimulatedUser user) => user.AccountEnabled && user.UserType != "Guest";

    /// <summary>Everyone a delegated consent of one of the apps reaches, one after the other into one set.</summary>
    private HashSet<Guid> Exposed(IEnumerable<Guid> apps)
    {
        var reached = new HashSet<Guid>();
        foreach (var grant in _tenant.Grants.Join(apps, grant => grant.ClientId, id => id, (grant, _) => grant))
        {
            if (grant.PrincipalId is { } user)
            {
                reached.Add(user);
            }
            else if (_truth[grant.ClientId].App is { AssignmentRequired: true })
            {
                // Members of an assigned group cannot be told from what is read, so they are not counted.
                reached.UnionWith(_tenant.AppRoleAssignments.Where(row => row.ResourceId == grant.ClientId && row.PrincipalType == "User").Select(row => row.PrincipalId));
            }
            else
            {
                reached.UnionWith(_tenant.Users.Where(Enabled).Select(other => other.Id));
            }
        }

        return reached;
    }

    /// <summary>Rates what the tenant's rows say the app holds, not what the scan says.</summary>
    private bool OpensCustomerData(AssessedApp app)
    {
        var rated = app.Permissions.ToLookup(permission => permission.Held.Value, StringComparer.OrdinalIgnoreCase);
        var held = _truth[app.Id].Delegated.Select(item => item.Scope).Concat(_truth[app.Id].Application.Select(item => item.Value)).Distinct(StringComparer.OrdinalIgnoreCase);
        return held.Any(value => rated[value].Any(permission => permission.Rating.Categories.Contains(DataCategory.CustomerPii)));
    }

    private decimal NewConsents(List<AssessedApp> tools)
    {
        var begin = _asOf.AddDays(-30);
        var acts = new Dictionary<string, DateTimeOffset>();
        foreach (var change in inventory.ConsentEvents)
        {
            if (tools.Any(app => app.Id == change.ClientId)
                && (change.AddedScopes.Length > 0 || (change.RemovedScopes.Length == 0 && change.Activity.StartsWith("Consent to application", StringComparison.OrdinalIgnoreCase))))
            {
                var act = $"{change.ClientId} {change.CorrelationId?.ToString() ?? change.Id}";
                acts[act] = acts.TryGetValue(act, out var at) && at < change.At ? at : change.At;
            }
        }

        return acts.Values.Count(at => at >= begin && at <= _asOf);
    }

    private decimal? TimeToDetect(List<AssessedApp> tools) => Median(tools
        .Where(app => _truth[app.Id].App!.Created >= starts[0])
        .Select(app => starts[Enumerable.Range(0, nights.Length).First(night => nights[night].ServicePrincipals.Any(row => row.Id == app.Id))] - _truth[app.Id].App!.Created)
        .Where(duration => duration >= TimeSpan.Zero));

    private decimal Overdue()
    {
        var today = DateOnly.FromDateTime(_asOf.UtcDateTime);
        return policy.UnderReview.Count(review => review.DueOn < today)
            + policy.Approved.Count(approval => approval.ReviewBy < today || approval.ExpiresOn < today)
            + inventory.ConsentRequests.Count(request => request.Pending != 0 && request.OldestPendingAt is { } oldest && oldest.AddDays(FindingThresholds.BuiltIn.RequestDeadlineDays) < _asOf);
    }

    private decimal? Cadence()
    {
        var today = DateOnly.FromDateTime(_asOf.UtcDateTime);
        var days = Enumerable.Range(0, 30).Select(back => today.AddDays(-back)).ToList();
        return Share(days.Count(day => starts.Any(start => DateOnly.FromDateTime(start.UtcDateTime) == day)), 30);
    }

    /// <summary>With weights written down here a second time.</summary>
    private static decimal? Index(Dictionary<string, decimal?> values, int tools)
    {
        (decimal Weight, decimal? Score)[] parts =
        [
            (30, values["approval-coverage"]),
            (20, 100 - values["customer-data-exposure-unapproved"]),
            (15, values["audit-cadence"]),
            (10, values["verified-publisher-share"]),
            (10, 100 - (100 * values["tenant-wide-grants"] / tools)),
            (10, 100 - values["exposed-users-marketing-share"]),
            (5, values["training-coverage"]),
        ];
        var known = parts.Where(part => part.Score is not null).ToArray();
        return decimal.Round(known.Sum(part => part.Weight * part.Score!.Value) / known.Sum(part => part.Weight), 1, MidpointRounding.AwayFromZero);
    }

    private bool Recent(Finding finding) => finding.ResolvedAt >= _asOf.AddDays(-90);

    private static TimeSpan Open(Finding finding) => finding.ResolvedAt!.Value - finding.OpenedAt;

    private static decimal? Share(int part, int whole) => whole == 0 ? null : decimal.Round(100m * part / whole, 1, MidpointRounding.AwayFromZero);

    /// <summary>Middle value, or the mean of the two in the middle; hours with one decimal.</summary>
    private static decimal? Median(IEnumerable<TimeSpan> durations)
    {
        var sorted = durations.Select(duration => (decimal)duration.TotalHours).Order().ToArray();
        return sorted.Length == 0 ? null
            : decimal.Round((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, 1, MidpointRounding.AwayFromZero);
    }
}
