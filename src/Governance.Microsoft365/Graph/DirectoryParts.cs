using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads the three large collections of the directory: service principals, delegated grants, users.</summary>
internal static class DirectoryParts
{
    /// <param name="seen">Called with each service principal as soon as its page was read whole.</param>
    public static async Task<PartOutcome<ImmutableArray<ServicePrincipal>>> ServicePrincipalsAsync(
        TenantRead read, Action<ServicePrincipal> seen, string? cursor = null)
    {
        var principals = new Dictionary<Guid, ServicePrincipal>();
        var inOrder = new List<ServicePrincipal>();
        var walk = new ResumableWalk(read, InventoryPart.ServicePrincipals, cursor)
        {
            Begin = segments =>
            {
                (principals, inOrder) = ([], []);
                foreach (var principal in segments.SelectMany(segment => segment.ServicePrincipals))
                {
                    Keep(principal);
                }

                return new ServicePrincipalRows(Keep);
            },
            Added = () => inOrder.Count,
            Since = (inventory, from) => inventory with { ServicePrincipals = [.. inOrder.Skip(from)] },
        };
        var (end, meter) = await walk.RunAsync(GraphQueries.ServicePrincipals(read.Options.PageSize)).ConfigureAwait(false);
        var reading = PartJudgement.Of(InventoryPart.ServicePrincipals, end, principals.Count, meter);
        return new([.. principals.Values.OrderBy(principal => principal.Id)], read.Ended(reading, end.Unreadable));

        void Keep(ServicePrincipal principal)
        {
            principals[principal.Id] = principal;
            if (read.Checkpoints is not null)
            {
                inOrder.Add(principal);
            }

            seen(principal);
        }
    }

    /// <param name="principals">Whom to ask one by one should the list turn out short; null to leave it at that.</param>
    public static async Task<PartOutcome<DelegatedPermissionGrants>> GrantsAsync(
        TenantRead read, string? cursor = null, Task<ImmutableArray<ServicePrincipal>>? principals = null)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        var walk = new ResumableWalk(read, InventoryPart.Oauth2PermissionGrants, cursor)
        {
            Begin = segments =>
            {
                builder = new();
                foreach (var grant in segments.SelectMany(segment => segment.Grants.All()))
                {
                    builder.Add(grant);
                }

                return new GrantRows(builder);
            },
            Added = () => builder.Added,
            Since = (inventory, from) => inventory with { Grants = builder.Since(from) },
        };
        var (end, meter) = await walk.RunAsync(GraphQueries.Grants(read.Options.PageSize)).ConfigureAwait(false);
        var grants = builder.Build();
        if (principals is not null && end.Reason is null && end.Unreadable == 0 && builder.DistinctIds < end.Expected)
        {
            var check = new GrantCrossCheck(read, meter);
            var (all, checkedReading) = await check.RunAsync(grants, builder.DistinctIds, end, await principals.ConfigureAwait(false)).ConfigureAwait(false);
            return new(all, read.Ended(checkedReading, 0));
        }

        var reading = PartJudgement.Of(InventoryPart.Oauth2PermissionGrants, end, grants.Count, meter, builder.DistinctIds);
        return new(grants, read.Ended(reading, end.Unreadable));
    }

    public static async Task<PartOutcome<Users>> UsersAsync(TenantRead read, string? cursor = null)
    {
        var builder = new UsersBuilder();
        var walk = new ResumableWalk(read, InventoryPart.Users, cursor)
        {
            Begin = segments =>
            {
                builder = new();
                foreach (var users in segments.Select(segment => segment.Users))
                {
                    for (var row = 0; row < users.Count; row++)
                    {
                        builder.Add(users[row]);
                    }
                }

                return new UserRows(builder);
            },
            Added = () => builder.Added,
            Since = (inventory, from) => inventory with { Users = builder.Since(from) },
        };
        var (end, meter) = await walk.RunAsync(GraphQueries.Users(read.Options.PageSize)).ConfigureAwait(false);
        var users = builder.Build();
        return new(users, read.Ended(PartJudgement.Of(InventoryPart.Users, end, users.Count, meter), end.Unreadable));
    }
}
