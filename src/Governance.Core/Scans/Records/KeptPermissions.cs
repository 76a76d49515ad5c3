using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Permissions on one API that follow each other, as they are kept.</summary>
/// <param name="Wide">Places of the values that are held tenant-wide, ascending.</param>
internal sealed record KeptPermissions(
    PermissionKind Kind, Guid ResourceId, Guid? ResourceAppId, string Resource, ImmutableArray<string> Values, ImmutableArray<int> Wide)
{
    public static ImmutableArray<KeptPermissions> Of(IEnumerable<HeldPermission> permissions)
    {
        var kept = ImmutableArray.CreateBuilder<KeptPermissions>();
        var values = ImmutableArray.CreateBuilder<string>();
        var wide = ImmutableArray.CreateBuilder<int>();
        HeldPermission? first = null;
        foreach (var held in permissions)
        {
            if (first is not null && !OnSame(first, held))
            {
                Close(first);
            }

            first = values.Count == 0 ? held : first;
            if (held.TenantWide)
            {
                wide.Add(values.Count);
            }

            values.Add(held.Value);
        }

        if (first is not null)
        {
            Close(first);
        }

        return kept.ToImmutable();

        void Close(HeldPermission on)
        {
            kept.Add(new KeptPermissions(on.Kind, on.ResourceId, on.ResourceAppId, on.Resource, values.ToImmutable(), wide.ToImmutable()));
            values.Clear();
            wide.Clear();
        }
    }

    /// <exception cref="RecordDamagedException">A tenant-wide value is named that is not there.</exception>
    public static ImmutableArray<HeldPermission> Expand(ImmutableArray<KeptPermissions> kept, string record)
    {
        var permissions = ImmutableArray.CreateBuilder<HeldPermission>(kept.Sum(same => same.Values.Length));
        foreach (var same in kept)
        {
            var wide = 0;
            for (var at = 0; at < same.Values.Length; at++)
            {
                var tenantWide = wide < same.Wide.Length && same.Wide[wide] == at;
                wide += tenantWide ? 1 : 0;
                permissions.Add(Shared<HeldPermission>.Of(
                    new HeldPermission(same.Kind, same.ResourceId, same.ResourceAppId, same.Resource, same.Values[at], tenantWide)));
            }

            if (wide != same.Wide.Length)
            {
                throw new RecordDamagedException(record, "a tenant-wide permission is named that it does not hold");
            }
        }

        return permissions.MoveToImmutable();
    }

    private static bool OnSame(HeldPermission one, HeldPermission other) =>
        one.Kind == other.Kind && one.ResourceId == other.ResourceId && one.ResourceAppId == other.ResourceAppId && one.Resource == other.Resource;
}
