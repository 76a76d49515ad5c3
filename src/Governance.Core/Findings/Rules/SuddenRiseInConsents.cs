using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>Many more users consented to an AI tool within the window than before.</summary>
/// <remarks>Compares the users reached now with those reached when the window began, as earlier scans counted them.</remarks>
internal sealed class SuddenRiseInConsents : IAppRule
{
    public string Id => "sudden-rise-in-consents";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.Users];

    public Verdict Judge(AssessedApp app, JudgementContext context)
    {
        if (RuleFacts.NoAiInUse(app) is { } nothing)
        {
            return nothing;
        }

        var begin = context.Today.AddDays(-context.Thresholds.RiseWindowDays);
        if (context.History.WatchedSince is not { } since)
        {
            return new Verdict.NotAssessed("an earlier scan to compare with");
        }

        // A tenant watched for less than the window starts at its first scan; an app that came later began with nobody.
        var watched = DateOnly.FromDateTime(since.UtcDateTime);
        var from = begin > watched ? begin : watched;
        var older = DateOnly.FromDateTime(app.FirstSeen.UtcDateTime) <= from;
        if (older && (from >= context.Today || ReachHistory.On(app.UsersOverTime, from) is null))
        {
            return new Verdict.NotAssessed("users counted on an earlier day to compare with");
        }

        var before = older ? ReachHistory.On(app.UsersOverTime, from) ?? 0 : 0;
        var now = app.App.Reach.Users;
        var added = now - before;
        return added >= context.Thresholds.RiseLeastUsers && now >= before * context.Thresholds.RiseFactor
            ? new Verdict.Violation(
                app.App.Reach.TenantWide || app.Risk.Level >= Severity.High ? Severity.High : Severity.Medium,
                "Consents to an AI tool rose sharply within the window compared.",
                [
                    RuleFacts.Number("users now", now),
                    RuleFacts.Number("users before", before),
                    RuleFacts.Number("window in days", context.Thresholds.RiseWindowDays),
                    new("compared with", "users counted by the scans at the window's begin, or by the first scan when that is later"),
                ])
            : app.App.Reach.Certain ? new Verdict.Pass("no sharp rise within the window")
            : new Verdict.NotAssessed("all users it reaches");
    }
}
