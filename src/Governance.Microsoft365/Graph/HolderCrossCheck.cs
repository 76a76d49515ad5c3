using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Graph;

/// <summary>
/// Compares the list of service principals with those that grants and assignments name: one that the list lacks is asked for by id.
/// It is gone, or it came while the directory was read, or the list was not whole.
/// </summary>
/// <param name="start">When the reading began.</param>
internal sealed class HolderCrossCheck(TenantRead read, DateTimeOffset start)
{
    /// <summary>Service principals asked for at most: 50 calls.</summary>
    private const int MostHolders = 1_000;

    /// <param name="absent">Service principals of which it is known that the directory has none.</param>
    /// <returns>The principals with those found, and their cursor where the list behind it still holds.</returns>
    public async Task<ChangedOutcome<ImmutableArray<ServicePrincipal>>> RunAsync(
        ChangedOutcome<ImmutableArray<ServicePrincipal>> listed,
        DelegatedPermissionGrants grants,
        AppRoleAssignments assignments,
        IReadOnlySet<Guid> absent)
    {
        var (principals, reading, cursor) = listed;
        if (!reading.Complete)
        {
            return listed;
        }

        var known = principals.Select(principal => principal.Id).ToHashSet();
        var holders = assignments.Holders.Concat(grants.Clients.ToArray()).Distinct();
        Guid[] missing = [.. holders.Where(id => !known.Contains(id) && !absent.Contains(id)).Order()];
        if (missing.Length == 0)
        {
            return listed;
        }

        if (missing.Length > MostHolders)
        {
            return new(principals, Partial(reading, $"the list lacks {missing.Length} service principals that hold consents"), null);
        }

        var meter = new RequestMeter(read.Meter);
        var rows = new ChangedServicePrincipals([]);
        var answers = await ObjectsById.ReadAsync<ServicePrincipal>(
            read, InventoryPart.ServicePrincipals, missing.Select(id => id.ToString()), meter,
            taken => rows.Reader(row => taken((rows.IdOf(row), row)), changes: false)).ConfigureAwait(false);
        reading = reading with { Requests = reading.Requests + meter.Sent };
        if (answers.FirstOrDefault(answer => answer.Unknown is not null) is { Unknown: { } why })
        {
            var reason = $"the list lacks {missing.Length} service principals that hold consents, and they could not be read by id: {why}";
            return new(principals, Partial(reading, reason), cursor);
        }

        ServicePrincipal[] found = [.. answers.Where(answer => answer.Exists).Select(answer => answer.Row!)];
        var lost = found.Count(principal => !(principal.CreatedAt >= start));
        principals = [.. principals.Concat(found).OrderBy(principal => principal.Id)];
        reading = reading with { Items = principals.Length };
        return found.Length == 0 ? new(principals, reading, cursor)
            : lost > 0 ? new(principals, Partial(reading, $"the list lacked {lost} service principals that hold consents"), null)
            : new(principals, With(reading, $"{found.Length} service principals came during the scan"), cursor);
    }

    private PartReading Partial(PartReading reading, string reason)
    {
        read.Logger.NotWhole(reading.Part, PartStatus.Partial, reading.Items, reading.Pages, 0);
        return With(reading, reason) with { Status = PartStatus.Partial };
    }

    private static PartReading With(PartReading reading, string reason) =>
        reading with { Reason = reading.Reason is { } said ? $"{said}; {reason}" : reason };
}
