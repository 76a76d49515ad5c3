using Governance.Core.Consents;

namespace Governance.Core.Findings.Rules;

/// <summary>Who consented for themselves; a consent for every user names nobody.</summary>
internal static class OwnConsents
{
    public static HashSet<Guid> Users(DelegatedPermissionGrants grants, Guid client)
    {
        var users = new HashSet<Guid>();
        foreach (var principal in grants.PrincipalColumn[grants.RowsOf(client)])
        {
            if (principal != DelegatedPermissionGrants.TenantWide)
            {
                users.Add(grants.Principals[principal]);
            }
        }

        return users;
    }
}
