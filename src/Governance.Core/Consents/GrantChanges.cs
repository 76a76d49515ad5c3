using System.Text;

namespace Governance.Core.Consents;

/// <summary>Changes of delegated permission grants in the order heard; of several for one grant the last stands.</summary>
/// <remarks>A removal names a grant by its id alone. Hearing a change again, or a removal of what is not there, changes nothing.</remarks>
/// <param name="before">The grants that the changes are applied to.</param>
public sealed class GrantChanges(DelegatedPermissionGrants before)
{
    private readonly Dictionary<(Guid Client, Guid Resource, Guid? Principal), DelegatedPermissionGrant?> _derivable = [];
    private readonly Dictionary<string, DelegatedPermissionGrant?> _others = new(StringComparer.Ordinal);

    /// <summary>Grants heard of.</summary>
    public int Count => _derivable.Count + _others.Count;

    /// <summary>Users that grants put here were given for, each once, sorted.</summary>
    public IEnumerable<Guid> Principals => _derivable.Values.Concat(_others.Values)
        .Select(grant => grant?.PrincipalId).OfType<Guid>().Distinct().Order();

    /// <returns>The grant as changed so far; null when there is none of this id, or none any more.</returns>
    public DelegatedPermissionGrant? Find(string id)
    {
        if (TryRead(id, out var key))
        {
            return _derivable.TryGetValue(key, out var changed) ? changed
                : before.RowOf(key.Client, key.Resource, key.Principal) is >= 0 and var row && before.OtherIdOf(row) is null ? before[row]
                : null;
        }

        return _others.TryGetValue(id, out var other) ? other : before.WithOtherId(id);
    }

    public void Put(DelegatedPermissionGrant grant)
    {
        if (grant.Id.Length == 0 || TryRead(grant.Id, out var key))
        {
            _derivable[(grant.ClientId, grant.ResourceId, grant.PrincipalId)] = grant;
        }
        else
        {
            _others[grant.Id] = grant;
        }
    }

    public void Remove(string id)
    {
        if (TryRead(id, out var key))
        {
            _derivable[key] = null;
        }
        else
        {
            _others[id] = null;
        }
    }

    /// <summary>The grants as they are after the changes.</summary>
    public DelegatedPermissionGrants Applied()
    {
        if (Count == 0)
        {
            return before;
        }

        var builder = new DelegatedPermissionGrantsBuilder();
        var scopes = new byte[before.Scopes.Length][];
        for (var client = 0; client < before.Clients.Length; client++)
        {
            var (start, length) = before.RowsOf(client).GetOffsetAndLength(before.Count);
            for (var row = start; row < start + length; row++)
            {
                Keep(before.Clients[client], row, scopes, builder);
            }
        }

        foreach (var grant in _derivable.Values.Concat(_others.Values).OfType<DelegatedPermissionGrant>())
        {
            builder.Add(grant);
        }

        return builder.Build();
    }

    private void Keep(Guid client, int row, byte[][] scopes, DelegatedPermissionGrantsBuilder builder)
    {
        var resource = before.Resources[before.ResourceColumn[row]];
        var user = before.PrincipalColumn[row];
        Guid? principal = user == DelegatedPermissionGrants.TenantWide ? null : before.Principals[user];
        var other = before.OtherIdOf(row);
        if (other is null ? _derivable.ContainsKey((client, resource, principal)) : _others.ContainsKey(other))
        {
            return;
        }

        var scope = before.ScopeColumn[row];
        scopes[scope] ??= Encoding.UTF8.GetBytes(before.Scopes[scope]);
        builder.Add(client, resource, principal, scopes[scope], other is null ? [] : Encoding.UTF8.GetBytes(other));
    }

    private static bool TryRead(string id, out (Guid Client, Guid Resource, Guid? Principal) key)
    {
        var read = GrantId.TryRead(Encoding.UTF8.GetBytes(id), out var client, out var resource, out var principal);
        key = (client, resource, principal);
        return read;
    }
}
