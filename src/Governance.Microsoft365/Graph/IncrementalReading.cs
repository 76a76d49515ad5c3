using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.Microsoft365.Graph;

/// <summary>Asks for a reading of changes only, where an earlier reading allows it.</summary>
/// <param name="LastInventory">The inventory of the last scan kept of a tenant; null when there is none.</param>
/// <param name="ListEvery">Age of the oldest list at which everything is listed again.</param>
/// <param name="Said">Told when everything is read although only changes were asked for, and why.</param>
public sealed record IncrementalReading(
    Func<Guid, CancellationToken, Task<Inventory?>> LastInventory, TimeSpan ListEvery, Action<string> Said)
{
    /// <summary>Delta tokens of the directory live for seven days; a list is due by then in any case.</summary>
    public static readonly TimeSpan Weekly = TimeSpan.FromDays(7);

    /// <summary>Everything is listed, and cursors are kept so that the next reading can be one of changes.</summary>
    public static IncrementalReading Everything { get; } = new((_, _) => Task.FromResult<Inventory?>(null), Weekly, _ => { });

    /// <summary>Changes are added to the last scan of a store, and everything is listed once a week.</summary>
    /// <param name="said"><inheritdoc cref="IncrementalReading" path="/param[@name='Said']"/></param>
    public static IncrementalReading On(IScanStore store, Action<string> said) => new(
        async (tenant, cancellationToken) =>
        {
            var scans = await store.ScansAsync(tenant, 1, cancellationToken).ConfigureAwait(false);
            return scans.IsEmpty ? null : await store.InventoryAsync(tenant, scans[0].Id, cancellationToken).ConfigureAwait(false);
        },
        Weekly,
        said);

    /// <summary>The inventory that changes can be added to; null when everything must be listed.</summary>
    internal async Task<Inventory?> BaseAsync(Guid tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await LastInventory(tenant, cancellationToken).ConfigureAwait(false);
        var why = last is null ? "no scan of this tenant is kept"
            : last.Organization.TenantId != tenant ? "the scan kept is of another tenant"
            : last.Cursors is null ? "the last scan kept no delta cursors"
            : now - last.Cursors.OldestListAt() >= ListEvery ? $"the last full list is of {last.Cursors.OldestListAt():yyyy-MM-dd}"
            : last.ReadAt > now ? "the last scan is of a later time than now"
            : null;
        if (why is null)
        {
            return last;
        }

        Said($"incremental: {why}, so everything is read; the next incremental scan builds on this one");
        return null;
    }
}
