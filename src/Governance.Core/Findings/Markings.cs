using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Revocations;

namespace Governance.Core.Findings;

/// <summary>What people did that bears on findings, beside what the apps hold now.</summary>
public sealed class Markings
{
    public static readonly Markings None = new(GovernanceRecord.Empty, []);

    private readonly ILookup<string, FindingMark> _marks;
    private readonly Dictionary<string, ImmutableArray<string>> _held;
    private readonly Dictionary<string, RevocationOrder> _revoked;

    /// <param name="apps">Apps as the scan shows them; one that it did not see is left out.</param>
    public Markings(GovernanceRecord record, IEnumerable<AssessedApp> apps)
    {
        _marks = record.Marks.ToLookup(mark => mark.FindingId, StringComparer.Ordinal);
        _held = apps.ToDictionary(app => app.Id.ToString(), app => HeldNow(app.App), StringComparer.OrdinalIgnoreCase);
        _revoked = record.Orders.Values
            .Where(order => order is { State: OrderState.Executed, Plan.WholeApp: true, Restored.IsEmpty: true })
            .GroupBy(order => order.ServicePrincipalId.ToString())
            .ToDictionary(same => same.Key, same => same.MaxBy(order => order.PlannedAt)!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>In the order in which they were done.</summary>
    public IEnumerable<FindingMark> On(string findingId) => _marks[findingId];

    /// <returns>Null when the subject is no app, or none that was seen.</returns>
    public ImmutableArray<string>? HeldBy(string subject) => _held.TryGetValue(subject, out var held) ? held : null;

    /// <returns>The order that took away everything the app held since the finding stands; null when there is none.</returns>
    public string? RevokedBy(Finding finding) =>
        _revoked.TryGetValue(finding.Subject, out var order) && order.PlannedAt >= finding.OpenedAt ? order.Id : null;

    /// <summary>Everything an app holds, one text for each permission, sorted: what a mute is bound to.</summary>
    public static ImmutableArray<string> HeldNow(ConsentedApp app) =>
    [
        .. app.Permissions
            .Select(held => $"{held.Kind} {held.ResourceAppId?.ToString() ?? held.ResourceId.ToString()} {held.Value}{(held.TenantWide ? " for everyone" : string.Empty)}")
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal),
    ];
}
