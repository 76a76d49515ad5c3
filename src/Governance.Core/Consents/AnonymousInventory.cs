using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Governance.Core.Consents;

/// <summary>An inventory to be shown to others: no organisation's name, made-up ids for people, made-up names for the organisation's own apps.</summary>
/// <remarks>Apps of other publishers keep their names: they are what the inventory is about. Departments stay, as text without persons.</remarks>
public static class AnonymousInventory
{
    /// <param name="key">Random; whoever does not hold it cannot tell whose a made-up id is.</param>
    public static Inventory Of(Inventory inventory, byte[] key)
    {
        var own = inventory.Organization.TenantId;
        var tenant = MadeUp(own, key);
        return inventory with
        {
            Organization = new Organization(tenant, string.Empty, null),
            ServicePrincipals = [.. inventory.ServicePrincipals.Select(app => Shown(app, own, tenant, key))],
            Grants = Grants(inventory.Grants, key),
            Assignments = new AppRoleAssignments(inventory.Assignments.All.Select(row => Shown(row, key))),
            Users = Users.From(Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row]).Select(user => user with { Id = MadeUp(user.Id, key) })),
            ConsentEvents = [.. inventory.ConsentEvents.Select(one => one with { ActorId = one.ActorId is { } actor ? MadeUp(actor, key) : null })],
            TrainedUsers = inventory.TrainedUsers?.Select(user => MadeUp(user, key)).ToImmutableHashSet(),
            Cursors = null,
            Parts = [.. inventory.Parts.Select(part => part with { LastLink = null })],
        };
    }

    private static ServicePrincipal Shown(ServicePrincipal app, Guid own, Guid tenant, byte[] key)
    {
        if (app.OwnerTenantId != own)
        {
            return app;
        }

        var name = $"Own app {MadeUp(app.Id, key).ToString("N")[..8]}";
        return app with
        {
            OwnerTenantId = tenant, DisplayName = name, AppDisplayName = name, PublisherName = null, Homepage = null, ReplyUrls = [],
        };
    }

    private static DelegatedPermissionGrants Grants(DelegatedPermissionGrants grants, byte[] key)
    {
        var shown = new DelegatedPermissionGrantsBuilder();
        foreach (var grant in grants.All())
        {
            Guid? principal = grant.PrincipalId is { } user ? MadeUp(user, key) : null;
            shown.Add(grant with { PrincipalId = principal, Id = GrantId.Of(grant.ClientId, grant.ResourceId, principal) });
        }

        return shown.Build();
    }

    /// <summary>The id of an assignment tells its principal, so it is made up as well.</summary>
    private static AppRoleAssignment Shown(AppRoleAssignment row, byte[] key)
    {
        if (row.Assignee == AssigneeKind.ServicePrincipal)
        {
            return row;
        }

        var principal = MadeUp(row.PrincipalId, key);
        return row with { PrincipalId = principal, Id = AppRoleAssignments.IdOf(principal, FromHash(HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(row.Id)))) };
    }

    private static Guid MadeUp(Guid id, byte[] key) => id == Guid.Empty ? id : FromHash(HMACSHA256.HashData(key, id.ToByteArray()));

    private static Guid FromHash(byte[] hash) => new(hash.AsSpan(0, 16));
}
