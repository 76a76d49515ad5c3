using System.Text;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Delegated permission grants of a chunk, column after column; ids only where they cannot be derived.</summary>
internal static class GrantRows
{
    /// <summary>Who the grant changes with: the user it was given for, else the client that holds it.</summary>
    /// <remarks>By user, because a user's few grants then share one id in the chunk: half the bytes of a layout by client.</remarks>
    public static Guid HolderOf(DelegatedPermissionGrants grants, int row) =>
        grants.PrincipalColumn[row] is var principal && principal == DelegatedPermissionGrants.TenantWide
            ? grants.ClientOf(row)
            : grants.Principals[principal];

    public static void Write(ChunkWriter to, DelegatedPermissionGrants grants, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            to.SharedGuid(grants.ClientOf(row));
        }

        foreach (var row in rows)
        {
            to.SharedGuid(grants.Resources[grants.ResourceColumn[row]]);
        }

        foreach (var row in rows)
        {
            var principal = grants.PrincipalColumn[row];
            to.SharedGuid(principal == DelegatedPermissionGrants.TenantWide ? null : grants.Principals[principal]);
        }

        foreach (var row in rows)
        {
            to.Text(grants.Scopes[grants.ScopeColumn[row]]);
        }

        foreach (var row in rows)
        {
            to.Text(grants.OtherIdOf(row));
        }
    }

    public static void Read(ref ChunkReader from, DelegatedPermissionGrantsBuilder to)
    {
        var clients = new Guid[from.Rows];
        var resources = new Guid[from.Rows];
        var principals = new Guid?[from.Rows];
        for (var row = 0; row < clients.Length; row++)
        {
            clients[row] = from.NeededGuid();
        }

        for (var row = 0; row < clients.Length; row++)
        {
            resources[row] = from.NeededGuid();
        }

        for (var row = 0; row < clients.Length; row++)
        {
            principals[row] = from.SharedGuid();
        }

        var ids = from;
        for (var row = 0; row < clients.Length; row++)
        {
            ids.NeededUtf8();
        }

        for (var row = 0; row < clients.Length; row++)
        {
            var id = ids.Text();
            to.Add(clients[row], resources[row], principals[row], from.NeededUtf8(), id is null ? [] : Encoding.UTF8.GetBytes(id));
        }

        from = ids;
    }
}
