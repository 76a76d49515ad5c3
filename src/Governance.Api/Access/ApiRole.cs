namespace Governance.Api.Access;

/// <summary>What a caller may do. No role contains another.</summary>
[Flags]
public enum ApiRoles
{
    None = 0,

    /// <summary><c>Governance.Read</c>: look at everything but the workings of the server.</summary>
    Read = 1,

    /// <summary><c>Governance.Scan</c>: ask for scans and cancel them.</summary>
    Scan = 2,

    /// <summary><c>Governance.Decide</c>: sign off, decide, mute.</summary>
    Decide = 4,

    /// <summary><c>Governance.Revoke</c>: plan, approve and carry out revocations.</summary>
    Revoke = 8,

    /// <summary><c>Governance.Admin</c>: replay messages, erase subjects.</summary>
    Admin = 16,

    All = Read | Scan | Decide | Revoke | Admin,
}

/// <summary>Names of roles as Entra's app roles write them.</summary>
public static class RoleNames
{
    private const string Prefix = "Governance.";
    private static readonly ApiRoles[] Single = [ApiRoles.Read, ApiRoles.Scan, ApiRoles.Decide, ApiRoles.Revoke, ApiRoles.Admin];

    public static IEnumerable<string> Of(ApiRoles roles) => Single.Where(role => roles.HasFlag(role)).Select(role => Prefix + role);

    /// <summary>The roles among some names; names that are none of ours count for nothing.</summary>
    public static ApiRoles Parse(IEnumerable<string> names)
    {
        var given = names.ToHashSet(StringComparer.Ordinal);
        return Single.Where(role => given.Contains(Prefix + role)).Aggregate(ApiRoles.None, (all, role) => all | role);
    }
}
