using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>Apps as a table, riskiest first; lists within a cell are parted by a blank.</summary>
internal static class AppsCsv
{
    private static readonly ImmutableArray<CsvTable.Column<AssessedApp>> Columns =
    [
        new("servicePrincipalId", app => app.Id),
        new("appId", app => app.App.Principal.AppId),
        new("displayName", app => app.App.Principal.Name),
        new("publisher", app => app.App.Principal.VerifiedPublisher?.Name),
        new("firstParty", app => app.Classification.FirstParty),
        new("verdict", app => ContractNames.Of(app.Classification.Ai.Verdict)),
        new("confidence", app => app.Classification.Ai.Confidence),
        new("category", app => app.Classification.Ai.Category),
        new("vendor", app => app.Classification.Ai.Vendor),
        new("imitates", app => app.Classification.Lookalike?.Imitates),
        new("state", app => ContractNames.Of(app.Standing.State)),
        new("stateReason", app => app.Standing.Reason),
        new("stateUnconfirmed", app => app.Standing.Unconfirmed),
        new("riskScore", app => app.Risk.Score),
        new("riskLevel", app => ContractNames.Of(app.Risk.Level)),
        new("users", app => app.App.Reach.Users),
        new("tenantWide", app => app.App.Reach.TenantWide),
        new("grants", app => app.App.Grants),
        new("delegatedPermissions", app => string.Join(' ', app.App.Delegated.Select(held => held.Value))),
        new("applicationPermissions", app => string.Join(' ', app.App.Application.Select(held => held.Value))),
        new("dataCategories", app => string.Join(' ', app.Permissions.SelectMany(held => held.Rating.Categories).Distinct().Order().Select(ContractNames.Of))),
        new("firstSeen", app => app.FirstSeen),
        new("lastSeen", app => app.LastSeen),
        new("lastSignIn", app => app.App.LastSignIn),
    ];

    public static void Write(Stream stream, StoredFacts facts, bool bom) =>
        CsvTable.Write(stream, facts.State.Apps.OrderByDescending(app => app.Risk.Score).ThenBy(app => app.Id), Columns, bom);
}
