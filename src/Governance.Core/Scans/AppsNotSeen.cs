using Governance.Core.Consents;

namespace Governance.Core.Scans;

/// <summary>Apps of the last scan that this one cannot judge by what it read: a part read in half is no evidence of absence.</summary>
internal sealed class AppsNotSeen
{
    private AppsNotSeen(IReadOnlySet<Guid> kept, IReadOnlySet<Guid> withoutRecord)
    {
        Kept = kept;
        WithoutRecord = withoutRecord;
    }

    /// <summary>Kept from before: their consents were not seen, where a part read in half may be the reason.</summary>
    public IReadOnlySet<Guid> Kept { get; }

    /// <summary>Holders of a consent whose own record was not read: each is still the app it was before.</summary>
    public IReadOnlySet<Guid> WithoutRecord { get; }

    /// <summary>Every app whose whole record of the last scan is needed; empty when all parts were read whole.</summary>
    public IReadOnlySet<Guid> Needed => WithoutRecord.Count == 0 ? Kept : Kept.Union(WithoutRecord).ToHashSet();

    /// <param name="before">Null for the first scan of the tenant.</param>
    public static AppsNotSeen Of(Inventory inventory, KnownState? before)
    {
        var principals = inventory.Part(InventoryPart.ServicePrincipals).Complete;
        var grants = inventory.Part(InventoryPart.Oauth2PermissionGrants).Complete;
        var assignments = inventory.Part(InventoryPart.AppRoleAssignments).Complete;
        var kept = new HashSet<Guid>();
        var withoutRecord = new HashSet<Guid>();
        if (before is null || (principals && grants && assignments))
        {
            return new AppsNotSeen(kept, withoutRecord);
        }

        var records = inventory.ServicePrincipals.Select(principal => principal.Id).ToHashSet();
        foreach (var (id, known) in before.Apps)
        {
            var holds = Holds(inventory, id);
            if (!records.Contains(id) && !principals)
            {
                (holds ? withoutRecord : kept).Add(id);
            }
            else if (records.Contains(id) && !holds && ((known.Grants > 0 && !grants) || (known.AppRoles > 0 && !assignments)))
            {
                kept.Add(id);
            }
        }

        return new AppsNotSeen(kept, withoutRecord);
    }

    private static bool Holds(Inventory inventory, Guid id) =>
        inventory.Grants.RowsOf(id) is var rows && (rows.End.Value > rows.Start.Value || inventory.Assignments.HeldBy(id).Any());
}
