using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>
/// Every fault at every page of a whole scan, optional parts included, once and for good: what is stored equals the clean run, or says
/// openly what is missing (GT-1 to GT-8, GS-1, GS-4, PG-1 to PG-6).
/// </summary>
public sealed class FailTheNthTests
{
    public static TheoryData<string> Passing =>
    [
        "429=2", "429=2.128", "429=date5", "429=none", "500", "502", "503=1", "503=none", "504", "401", "reset", "cut", "cut-length", "cut-clean",
        "malformed", "no-value", "drip=1", "empty", "duplicate",
    ];

    public static TheoryData<string> Lasting =>
    [
        "429=3", "429=none", "500", "503=none", "401", "403", "400", "404", "410", "reset", "cut", "cut-length", "cut-clean", "malformed", "no-value", "missing=1",
        "self-link", "loop", "endless", "foreign-link", "http-link", "page-token", "expired-token", "licence", "huge=1", "no-count",
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_passing_fault_at_any_page_leaves_nothing_in_the_store(string fault)
    {
        var (clean, pages) = await CleanAsync();
        foreach (var page in pages)
        {
            await using var scans = await FaultedScans.ServeAsync();
            scans.Fault($"{fault}@{page}");

            if (await ScanOrRefusalAsync(scans) is null)
            {
                // A list of organizations that names none is no answer.
                Assert.Equal("empty@organization:1", $"{fault}@{page}");
                continue;
            }

            Assert.True(scans.Fired == 1 || (BendsLists(fault) && !IsList(page)), $"{fault} did not strike at {page}");
            Assert.True(clean == await scans.StoredAsync(), $"{fault} at {page} left something");
        }
    }

    /// <remarks>The scans are of one tenant and one store, one after another, so that the trouble of each meets the state that the others left.</remarks>
    [Theory]
    [MemberData(nameof(Lasting))]
    public async Task A_lasting_fault_at_any_page_is_told_and_resolves_nothing(string fault)
    {
        var (_, pages) = await CleanAsync();
        await using var scans = await FaultedScans.ServeAsync();
        var before = await scans.ScanAsync();
        Assert.NotEmpty(before.Findings);
        foreach (var page in pages)
        {
            scans.Fault($"{fault}@{page}!always");
            var report = await ScanOrRefusalAsync(scans);
            var struck = scans.Fired > 0;
            Assert.True(struck || (BendsLists(fault) && !IsList(page)), $"{fault} did not strike at {page}");
            scans.Heal();
            if (report is null)
            {
                Assert.StartsWith("organization", page, StringComparison.Ordinal);
                continue;
            }

            if (struck && !page.StartsWith("organization", StringComparison.Ordinal) && !Tolerated(fault, page, report))
            {
                Assert.True(Told(page, report), $"{fault} at {page} is not told");
            }

            Assert.All(report.Scan.Parts, part => Assert.True(part.Complete || !string.IsNullOrEmpty(part.Reason), $"{fault} at {page}: {part}"));
            if (fault != "missing=1" || !Tolerated(fault, page, report))
            {
                Assert.DoesNotContain(report.Events, change => change.Change == "resolved");
            }

            Assert.Empty(before.Findings.Select(finding => finding.Id).Except(report.Findings.Select(finding => finding.Id)));
        }

        var healed = await scans.ScanAsync();

        Assert.Equal(ScanStatus.Complete, healed.Scan.Status);
        Assert.Equal(before.Findings.Select(finding => $"{finding.Rule} {finding.Subject} {finding.State}").Order(), healed.Findings.Select(finding => $"{finding.Rule} {finding.Subject} {finding.State}").Order());
    }

    private static async Task<ScanReport?> ScanOrRefusalAsync(FaultedScans scans)
    {
        try
        {
            return await scans.ScanAsync();
        }
        catch (Exception refused) when (refused is TenantAccessDeniedException or SourceUnreachableException)
        {
            return null;
        }
    }

    private static bool Told(string page, ScanReport report) => PartOf(page) is { } name
        ? report.Scan.Parts.Single(part => part.Part == name) is { Status: PartStatus.Partial or PartStatus.Unavailable } part
            && (report.Scan.Status == ScanStatus.Partial || part.Status == PartStatus.Unavailable)
        : report.Notes.Any(note => note.Contains(page.StartsWith("policies", StringComparison.Ordinal) ? "consent policy" : "training group", StringComparison.Ordinal));

    /// <summary>
    /// A row that is missing from a list nobody counts cannot be missed, and one of grants is found app by app; a link begun again may be as good as
    /// the one that expired; only the first pages of three lists are asked for a count.
    /// </summary>
    private static bool Tolerated(string fault, string page, ScanReport report) => fault switch
    {
        "no-count" => page is not ("servicePrincipals:1" or "oauth2PermissionGrants:1" or "users:1"),
        "missing=1" => PartOf(page) is not { } name || report.Scan.Parts.Single(part => part.Part == name) is { Expected: null } or { Reason: not null },
        _ => false,
    };

    private static bool BendsLists(string fault) => fault.Split('=')[0] is "no-value" or "empty" or "duplicate" or "missing" or "self-link" or "loop" or "endless" or "foreign-link" or "http-link" or "no-count";

    private static bool IsList(string page) => !page.StartsWith("policies", StringComparison.Ordinal);

    /// <returns>Null for what is no part: the consent policy and the training group.</returns>
    private static InventoryPart? PartOf(string page) => page.Split(':')[0].Split('/') switch
    {
        ["servicePrincipals"] => InventoryPart.ServicePrincipals,
        ["servicePrincipals", "microsoft.graph.agentIdentity"] => InventoryPart.AgentIdentities,
        ["servicePrincipals", _, "appRoleAssignedTo"] => InventoryPart.AppRoleAssignments,
        ["oauth2PermissionGrants"] => InventoryPart.Oauth2PermissionGrants,
        ["users"] => InventoryPart.Users,
        ["auditLogs", ..] => InventoryPart.ConsentEvents,
        ["identityGovernance", ..] => InventoryPart.ConsentRequests,
        ["reports", ..] => InventoryPart.SignInActivity,
        ["policies", ..] or ["groups", ..] => null,
        _ => throw new ArgumentOutOfRangeException(nameof(page), page, "say which part it belongs to"),
    };

    private static async Task<(string Stored, ImmutableArray<string> Pages)> CleanAsync()
    {
        await using var scans = await FaultedScans.ServeAsync();
        var report = await scans.ScanAsync();
        Assert.Equal(ScanStatus.Complete, report.Scan.Status);
        Assert.All(report.Scan.Parts, part => Assert.True(part.Complete, $"{part}"));
        Assert.Empty(report.Notes);
        return (await scans.StoredAsync(), scans.Pages);
    }
}
