using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Decisions;

/// <summary>An app that would stand elsewhere under another policy.</summary>
public sealed record StandingChange(AssessedApp App, Standing From, Standing To);

/// <summary>Judges the last inventory by two policies and tells what differs; nothing is kept.</summary>
public static class PolicySimulation
{
    /// <param name="apps">Apps of the last scan, which say what each one is.</param>
    /// <param name="from">What holds now, recorded decisions included.</param>
    /// <param name="to">What would hold, recorded decisions included.</param>
    /// <param name="today">Day judged for, under both.</param>
    /// <returns>Apps whose state changes, the most used first.</returns>
    public static ImmutableArray<StandingChange> Of(
        Inventory inventory, ImmutableArray<AssessedApp> apps, GovernancePolicy from, GovernancePolicy to, DateOnly today)
    {
        // Departments have their names from the policy, so reach is counted under each.
        var before = ConsentedApps.Of(inventory, from.Departments).ToDictionary(app => app.Principal.Id);
        var after = ConsentedApps.Of(inventory, to.Departments).ToDictionary(app => app.Principal.Id);
        var evidence = StandingEvidence.Of(inventory.Parts);
        return
        [
            .. apps
                .Select(app => new StandingChange(app, Standing(app, before, from), Standing(app, after, to)))
                .Where(change => change.From.State != change.To.State)
                .OrderByDescending(change => change.App.App.Reach.Users)
                .ThenBy(change => change.App.Id),
        ];

        Standing Standing(AssessedApp app, Dictionary<Guid, ConsentedApp> seen, GovernancePolicy policy) =>
            PolicyStanding.Of(seen.GetValueOrDefault(app.Id, app.App), app.Classification, policy, today, DataOpened.By, evidence with { Earlier = app.Standing });
    }
}
