using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads the three large collections of the directory: service principals, delegated grants, users.</summary>
internal static class DirectoryParts
{
    /// <param name="seen">Called with each service principal as soon as its page was read whole.</param>
    public static async Task<PartOutcome<ImmutableArray<ServicePrincipal>>> ServicePrincipalsAsync(TenantRead read, Action<ServicePrincipal> seen)
    {
        var principals = new Dictionary<Guid, ServicePrincipal>();
        var (end, meter) = await WalkAsync(read, InventoryPart.ServicePrincipals, GraphQueries.ServicePrincipals(read.Options.PageSize), () =>
        {
            principals = [];
            var kept = principals;
            return new ServicePrincipalRows(principal =>
            {
                kept[principal.Id] = principal;
                seen(principal);
            });
        }).ConfigureAwait(false);
        var reading = PartJudgement.Of(InventoryPart.ServicePrincipals, end, principals.Count, meter);
        return new([.. principals.Values.OrderBy(principal => principal.Id)], read.Ended(reading, end.Unreadable));
    }

    public static async Task<PartOutcome<DelegatedPermissionGrants>> GrantsAsync(TenantRead read)
    {
        var builder = new DelegatedPermissionGrantsBuilder();
        var (end, meter) = await WalkAsync(
            read, InventoryPart.Oauth2PermissionGrants, GraphQueries.Grants(read.Options.PageSize), () => new GrantRows(builder = new())).ConfigureAwait(false);
        var grants = builder.Build();
        var reading = PartJudgement.Of(InventoryPart.Oauth2PermissionGrants, end, grants.Count, meter, builder.DistinctIds);
        return new(grants, read.Ended(reading, end.Unreadable));
    }

    public static async Task<PartOutcome<Users>> UsersAsync(TenantRead read)
    {
        var builder = new UsersBuilder();
        var (end, meter) = await WalkAsync(
            read, InventoryPart.Users, GraphQueries.Users(read.Options.PageSize), () => new UserRows(builder = new())).ConfigureAwait(false);
        var users = builder.Build();
        return new(users, read.Ended(PartJudgement.Of(InventoryPart.Users, end, users.Count, meter), end.Unreadable));
    }

    private static async Task<(WalkEnd End, RequestMeter Meter)> WalkAsync(TenantRead read, InventoryPart part, string query, Func<PageRows> begin)
    {
        // The first page must not wait for the caller's other parts to be started.
        await Task.Yield();
        var meter = new RequestMeter(read.Meter);
        var plan = new WalkPlan(part, read.Endpoint.At(GraphQueries.Counted(query)), read.Endpoint.At(query), Rights.Of(part), meter, read.Directory, begin);
        var end = await read.Walk.WalkAsync(plan, (rows, expected) => read.Report(part, rows, expected), read.Token).ConfigureAwait(false);
        return (end, meter);
    }
}
