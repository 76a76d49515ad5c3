using System.Globalization;
using Governance.Core.Findings;
using Governance.Core.Policy.Approvals;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Decisions;

/// <summary>Fills a request with what the last scan knows.</summary>
public static class RiskPrefills
{
    private const int Named = 8;

    /// <param name="app">Null when no scan has seen the app, as with an app that is only asked for.</param>
    public static RiskPrefill Of(AssessedApp? app)
    {
        if (app is null)
        {
            return new RiskPrefill(null, null, null, null, "no scan has seen the app in this tenant");
        }

        var heaviest = app.Permissions
            .Where(permission => permission.Rating.Severity >= Severity.Medium)
            .OrderByDescending(permission => permission.Rating.Severity).ThenBy(permission => permission.Held.Value, StringComparer.Ordinal)
            .Take(Named)
            .Select(permission => $"{permission.Held.Value} ({ContractNames.Of(permission.Rating.Severity)}): {permission.Rating.Reason}");
        var factors = app.Risk.Contributions.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Factor} {part.Points}"));
        return new RiskPrefill(
            app.Risk.Score,
            ContractNames.Of(app.Risk.Level),
            ContractNames.Of(app.Classification.Ai.Verdict),
            app.App.Reach.Users,
            string.Join("\n", factors.Concat(heaviest)
                .Append(app.App.Principal.VerifiedPublisher is null ? "publisher not verified" : "publisher verified")
                .Concat(app.Classification.Lookalike is null ? [] : ["it looks like a product it is not"])));
    }

    /// <summary>What an app holds now, as the scope to ask for.</summary>
    public static ApprovalScope ScopeOf(AssessedApp app, Guid appId) => new(
        appId,
        app.App.Principal.OwnerTenantId,
        [.. app.App.Permissions.Select(held => held.Value).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)],
        null,
        [.. app.App.Permissions.SelectMany(DataOpened.By).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        app.App.Reach.TenantWide);
}
