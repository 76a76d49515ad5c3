using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>Whom an app's delegated consents reach.</summary>
/// <param name="Users">
/// Distinct users: those with a grant of their own, enabled or not, and for a tenant-wide consent everyone assigned to the
/// app where assignment is required, else every enabled member.
/// </param>
/// <param name="TenantWide">True when one consent covers every user.</param>
/// <param name="ByDepartment">Users by department name, sorted ordinally; users whose department is unknown are left out.</param>
/// <param name="Unattributed">Users without a known department.</param>
/// <param name="Certain">False when grants, users or assignments it rests on were not read whole: the true number may be higher.</param>
public sealed record Reach(int Users, bool TenantWide, ImmutableSortedDictionary<string, int> ByDepartment, int Unattributed, bool Certain)
{
    public static readonly Reach Nobody = new(0, false, ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal), 0, true);
}
