using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Asks client by client for grants that the list lost, as it has been seen to do; twenty clients in a call.</summary>
internal sealed class GrantCrossCheck(TenantRead read, RequestMeter meter)
{
    /// <summary>Clients asked at most: 250 calls and as many resource units as clients.</summary>
    private const int MostClients = 5_000;

    /// <param name="listed">Grants of the list.</param>
    /// <param name="distinct">How many those are as the source counts them.</param>
    /// <param name="end">How the list ended: whole by its links, short by its count.</param>
    public async Task<(DelegatedPermissionGrants Grants, PartReading Reading)> RunAsync(
        DelegatedPermissionGrants listed, int distinct, WalkEnd end, ImmutableArray<ServicePrincipal> clients)
    {
        var short_ = $"count mismatch: {distinct} of {end.Expected}";
        if (clients.Length > MostClients)
        {
            return (listed, Reading(PartStatus.Partial, listed, end, $"{short_}; too many apps ({clients.Length}) to ask one by one"));
        }

        var all = new DelegatedPermissionGrantsBuilder();
        foreach (var grant in listed.All())
        {
            all.Add(grant);
        }

        string? broken = null;
        var pages = end.Pages;
        foreach (var twenty in clients.Chunk(GraphBatch.MostItems))
        {
            var links = twenty.Select(client => "/" + GraphQueries.GrantsOf(client.Id, read.Options.PageSize)).ToArray();
            var answers = await GraphBatch.AskAsync(read, links, InventoryPart.Oauth2PermissionGrants, meter).ConfigureAwait(false);
            for (var i = 0; i < twenty.Length && broken is null; i++)
            {
                var walked = await WalkAsync(twenty[i].Id, answers[i], all).ConfigureAwait(false);
                broken = walked.Fault is { Kind: FaultKind.NotFound } ? null : walked.Reason ?? walked.FirstUnreadable;
                pages += walked.Pages;
            }

            if (broken is not null)
            {
                return (listed, Reading(PartStatus.Partial, listed, end, $"{short_}; asking app by app broke off: {broken}"));
            }
        }

        var grants = all.Build();
        return all.DistinctIds == end.Expected
            ? (grants, Reading(PartStatus.Complete, grants, end with { Pages = pages }, $"the list was short ({distinct} of {end.Expected}); the rest was found app by app"))
            : (grants, Reading(PartStatus.Partial, grants, end with { Pages = pages }, $"count mismatch: {all.DistinctIds} of {end.Expected}, also asked app by app"));
    }

    private Task<WalkEnd> WalkAsync(Guid client, BatchAnswer answer, DelegatedPermissionGrantsBuilder all)
    {
        var plan = new WalkPlan(
            InventoryPart.Oauth2PermissionGrants,
            null,
            read.Endpoint.At(GraphQueries.GrantsOf(client, read.Options.PageSize)),
            Rights.Of(InventoryPart.Oauth2PermissionGrants),
            meter,
            read.Directory,
            () => new GrantRows(all)) { First = answer.Page };
        return read.Walk.WalkAsync(plan, null, read.Token);
    }

    private PartReading Reading(PartStatus status, DelegatedPermissionGrants grants, WalkEnd end, string reason) =>
        new(InventoryPart.Oauth2PermissionGrants, status, grants.Count, end.Expected, end.Pages, meter.Sent, reason, end.LastLink);
}
