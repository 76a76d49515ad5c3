using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>An inventory as if one user had never been in it.</summary>
public static class InventoryWithout
{
    /// <returns>The same inventory when the user is not in it. Counts of what was read stay as they were.</returns>
    public static Inventory Without(this Inventory inventory, Guid user)
    {
        if (!Has(inventory, user))
        {
            return inventory;
        }

        var grants = new DelegatedPermissionGrantsBuilder();
        foreach (var grant in inventory.Grants.All().Where(grant => grant.PrincipalId != user))
        {
            grants.Add(grant);
        }

        return inventory with
        {
            Grants = grants.Build(),
            Users = Users.From(Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row]).Where(other => other.Id != user)),
            Assignments = new AppRoleAssignments(Assignments(inventory).Where(assignment => assignment.PrincipalId != user)),
            ConsentEvents = [.. inventory.ConsentEvents.Select(consent => consent.ActorId == user ? consent with { ActorId = null } : consent)],
            TrainedUsers = inventory.TrainedUsers?.Remove(user),
        };
    }

    private static bool Has(Inventory inventory, Guid user) =>
        inventory.Users.RowOf(user) >= 0
        || inventory.Grants.Principals.BinarySearch(user) >= 0
        || inventory.TrainedUsers?.Contains(user) == true
        || inventory.ConsentEvents.Any(consent => consent.ActorId == user)
        || Assignments(inventory).Any(assignment => assignment.PrincipalId == user);

    private static IEnumerable<AppRoleAssignment> Assignments(Inventory inventory) =>
        Enumerable.Range(0, inventory.Assignments.Count).Select(row => inventory.Assignments[row]);
}
