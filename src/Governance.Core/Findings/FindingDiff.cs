using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Findings;

/// <summary>What a comparison with the known findings gave.</summary>
/// <param name="Findings">All findings after the scan, resolved ones included, sorted by id.</param>
/// <param name="Events">What changed, sorted by finding and sequence.</param>
public sealed record FindingChanges(ImmutableArray<Finding> Findings, ImmutableArray<FindingEvent> Events);

/// <summary>Compares the verdicts of a scan with the findings known before it.</summary>
/// <remarks>
/// Absence is evidence only in parts that were read whole: otherwise a finding stays as it is and is marked unconfirmed.
/// Acknowledged findings stay so until they are resolved; muted ones until then, until the day set, or until the app holds more. The order of the input does not matter, and the same
/// input once more gives no events.
/// </remarks>
public static class FindingDiff
{
    /// <param name="asOf">Start of the scan; UTC.</param>
    /// <param name="unlisted">Apps known before that only grants or assignments told of: their absence from a list of apps is no news.</param>
    /// <param name="markings">What people did to findings; null when nothing is recorded.</param>
    public static FindingChanges Apply(
        ImmutableArray<Finding> known,
        ImmutableArray<Judgement> judgements,
        Inventory inventory,
        string scanId,
        DateTimeOffset asOf,
        string policyVersion,
        ImmutableHashSet<Guid>? unlisted = null,
        Markings? markings = null)
    {
        var tenant = inventory.Organization.TenantId;
        var scan = new ScanFacts(inventory, scanId, asOf, policyVersion, unlisted ?? [], markings ?? Markings.None);
        var judged = judgements.ToDictionary(judgement => FindingId.Of(tenant, judgement.Rule, judgement.Subject), StringComparer.Ordinal);
        var findings = new List<Finding>(known.Length);
        var events = new List<FindingEvent>();

        foreach (var finding in known)
        {
            if (finding.TenantId != tenant)
            {
                throw new ArgumentException($"finding {finding.Id} belongs to another tenant", nameof(known));
            }

            var change = new FindingChange(finding, scan);
            judged.Remove(finding.Id, out var judgement);
            change.Apply(judgement);
            findings.Add(change.Finding);
            events.AddRange(change.Events);
        }

        foreach (var (id, judgement) in judged)
        {
            if (judgement.Verdict is Verdict.Violation violation)
            {
                var opened = FindingChange.Open(id, tenant, judgement, violation, scan);
                findings.Add(opened.Finding);
                events.AddRange(opened.Events);
            }
        }

        return new FindingChanges(
            [.. findings.OrderBy(finding => finding.Id, StringComparer.Ordinal)],
            [.. events.OrderBy(change => change.FindingId, StringComparer.Ordinal).ThenBy(change => change.Sequence)]);
    }
}

/// <summary>What the comparison needs to know of the scan.</summary>
internal sealed class ScanFacts(Inventory inventory, string scanId, DateTimeOffset asOf, string policyVersion, ImmutableHashSet<Guid> unlisted, Markings markings)
{
    /// <summary>Parts that tell of an app that no list of apps holds.</summary>
    private static readonly ImmutableArray<InventoryPart> Holding = [InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    private readonly HashSet<Guid> _present = [.. inventory.ServicePrincipals.Select(principal => principal.Id)];

    public string ScanId => scanId;

    public DateTimeOffset AsOf => asOf;

    public string PolicyVersion => policyVersion;

    public Markings Markings => markings;

    public DateOnly Today => DateOnly.FromDateTime(asOf.UtcDateTime);

    /// <summary>True when every part the rule rests on was read whole; false for a rule no longer known.</summary>
    public bool Conclusive(string rule) =>
        FindingRules.ById(rule) is { } known && known.RestsOn.All(part => inventory.Part(part).Complete);

    /// <summary>True when nothing is missing that severity and evidence are made of, such as the users reached.</summary>
    public bool Settled(string rule) => Conclusive(rule) && Inventory.Needed.All(part => inventory.Part(part).Complete);

    /// <summary>True when a list of apps that was read whole lacks the subject and no grant or assignment read refers to it.</summary>
    /// <remarks>For an app that was never in that list, grants and assignments must have been read whole too.</remarks>
    public bool Removed(Finding finding) =>
        FindingRules.ById(finding.Rule) is IAppRule
        && inventory.Part(InventoryPart.ServicePrincipals).Complete
        && Guid.TryParse(finding.Subject, out var id)
        && !_present.Contains(id)
        && (!unlisted.Contains(id) || Holding.All(part => inventory.Part(part).Complete))
        && inventory.Grants.RowsOf(id) is var rows && rows.Start.Value == rows.End.Value
        && !inventory.Assignments.HeldBy(id).Any();
}
