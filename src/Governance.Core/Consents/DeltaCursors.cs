namespace Governance.Core.Consents;

/// <summary>Where the changes after a reading begin; only ever kept in the inventory whose rows it covers.</summary>
/// <param name="Link">Path and query to ask next, without host: it goes to the configured endpoint and nowhere else.</param>
/// <param name="ListedAt">When the whole collection was last listed; UTC.</param>
public sealed record DeltaCursor(string Link, DateTimeOffset ListedAt);

/// <summary>Cursors of the collections that Graph tells the changes of; null for one that must be listed again.</summary>
/// <remarks>App role assignments have none: Graph tells no changes of them.</remarks>
public sealed record DeltaCursors(DeltaCursor? ServicePrincipals, DeltaCursor? Grants, DeltaCursor? Users)
{
    /// <summary>Null when no collection has a cursor.</summary>
    public static DeltaCursors? Of(DeltaCursor? servicePrincipals, DeltaCursor? grants, DeltaCursor? users) =>
        (servicePrincipals ?? grants ?? users) is null ? null : new DeltaCursors(servicePrincipals, grants, users);

    /// <summary>When the oldest of the lists behind the cursors was read; null when there is no cursor.</summary>
    public DateTimeOffset? OldestListAt()
    {
        DateTimeOffset? oldest = null;
        foreach (var cursor in new[] { ServicePrincipals, Grants, Users })
        {
            oldest = cursor is null || oldest < cursor.ListedAt ? oldest : cursor.ListedAt;
        }

        return oldest;
    }
}
