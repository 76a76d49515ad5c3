using System.Collections.Immutable;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Scans;

/// <summary>Puts every verdict to every app, and keeps apps that a scan read in part cannot show to be gone.</summary>
internal static class AssessedApps
{
    /// <returns>Apps sorted by id, and those among them kept from before because their consents were not seen this time.</returns>
    public static (ImmutableArray<AssessedApp> Apps, ImmutableHashSet<Guid> NotSeen) Of(
        Inventory inventory,
        Func<ServicePrincipal, Classification> classify,
        GovernancePolicy policy,
        TenantState? previous,
        FindingThresholds thresholds)
    {
        var before = previous?.Apps.ToDictionary(app => app.Id) ?? [];
        var read = new PartsRead(inventory);
        var seen = ConsentedApps.Of(inventory, policy.Departments).Select(app => WithKnownRecord(app, before, read)).ToArray();
        var kept = Kept(seen, before, read);
        var subjects = seen.Where(app => !kept.ContainsKey(app.Principal.Id)).Concat(kept.Values).ToArray();

        var assessed = new AssessedApp?[subjects.Length];
        Parallel.For(0, subjects.Length, at =>
        {
            var app = subjects[at];
            var classification = classify(app.Principal);
            if (!app.HoldsConsent && !classification.Ai.IsAi && classification.Lookalike is null)
            {
                return;
            }

            assessed[at] = Judge(app, classification, policy, inventory.ReadAt, previous, before, kept.ContainsKey(app.Principal.Id), thresholds);
        });

        return ([.. assessed.OfType<AssessedApp>().OrderBy(app => app.Id)], [.. kept.Keys]);
    }

    private static AssessedApp Judge(
        ConsentedApp app,
        Classification classification,
        GovernancePolicy policy,
        DateTimeOffset asOf,
        TenantState? previous,
        Dictionary<Guid, AssessedApp> before,
        bool kept,
        FindingThresholds thresholds)
    {
        var today = DateOnly.FromDateTime(asOf.UtcDateTime);
        var known = before.GetValueOrDefault(app.Principal.Id);
        var firstSeen = known?.FirstSeen
            ?? (previous is not null && previous.FirstSeen.TryGetValue(app.Principal.Id, out var first) ? first : asOf);
        var lastSeen = kept ? known!.LastSeen : known is not null && known.LastSeen > asOf ? known.LastSeen : asOf;
        return new AssessedApp(
            app,
            classification,
            RiskAssessor.BuiltIn.Table.Rate(app),
            RiskAssessor.BuiltIn.Assess(app, classification, policy, asOf),
            PolicyStanding.Of(app, classification, policy, today, DataOpened.By),
            firstSeen,
            lastSeen)
        {
            UsersOverTime = ReachHistory.With(
                known?.UsersOverTime ?? [], today, app.Reach.Users, app.Reach.Certain && !kept, thresholds.RiseWindowDays),
        };
    }

    /// <summary>A holder whose own record was not read is still the app it was before.</summary>
    private static ConsentedApp WithKnownRecord(ConsentedApp app, Dictionary<Guid, AssessedApp> before, PartsRead read) =>
        !read.Principals && !read.Has(app.Principal.Id) && before.TryGetValue(app.Principal.Id, out var known)
            ? app with { Principal = known.App.Principal, FirstParty = known.App.FirstParty }
            : app;

    /// <summary>Apps known before that this scan does not show, where a part read in half may be the reason.</summary>
    private static Dictionary<Guid, ConsentedApp> Kept(ConsentedApp[] seen, Dictionary<Guid, AssessedApp> before, PartsRead read)
    {
        var now = seen.ToDictionary(app => app.Principal.Id);
        var kept = new Dictionary<Guid, ConsentedApp>();
        foreach (var (id, known) in before)
        {
            if (!now.TryGetValue(id, out var app))
            {
                if (!read.Principals)
                {
                    kept.Add(id, known.App);
                }
            }
            else if (!app.HoldsConsent && MayStillHold(known.App, read))
            {
                kept.Add(id, known.App with { Principal = app.Principal });
            }
        }

        return kept;
    }

    private static bool MayStillHold(ConsentedApp before, PartsRead read) =>
        (before.Grants > 0 && !read.Grants) || (before.AppRoles > 0 && !read.Assignments);

    private sealed class PartsRead(Inventory inventory)
    {
        private readonly HashSet<Guid> _records = [.. inventory.ServicePrincipals.Select(principal => principal.Id)];

        public bool Principals { get; } = inventory.Part(InventoryPart.ServicePrincipals).Complete;

        public bool Grants { get; } = inventory.Part(InventoryPart.Oauth2PermissionGrants).Complete;

        public bool Assignments { get; } = inventory.Part(InventoryPart.AppRoleAssignments).Complete;

        /// <summary>True when the service principal's own record was read.</summary>
        public bool Has(Guid id) => _records.Contains(id);
    }
}
