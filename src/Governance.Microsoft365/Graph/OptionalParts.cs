using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Reads what is read only on demand: consent events, pending consent requests, sign-in activity, agent identities.</summary>
internal static class OptionalParts
{
    public static async Task<PartOutcome<ImmutableArray<ConsentEvent>>> ConsentEventsAsync(TenantRead read)
    {
        const InventoryPart Part = InventoryPart.ConsentEvents;
        if (!Asked(read, Part))
        {
            return new([], PartReading.Skipped(Part, "not asked for"));
        }

        var query = GraphQueries.ConsentEvents(read.Time.GetUtcNow() - read.Options.ConsentEventWindow, read.Options.PageSize);
        var (events, end, meter) = await WalkAsync<ConsentEvent>(read, Part, read.Endpoint.At(query), read.Reports, ConsentEventRow.Read).ConfigureAwait(false);
        var distinct = events.DistinctBy(one => one.Id, StringComparer.Ordinal).OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal);
        return Outcome<ConsentEvent>(read, Part, [.. distinct], end, meter);
    }

    public static async Task<PartOutcome<ImmutableArray<SignInActivity>>> SignInsAsync(TenantRead read)
    {
        const InventoryPart Part = InventoryPart.SignInActivity;
        if (!Asked(read, Part))
        {
            return new([], PartReading.Skipped(Part, "not asked for"));
        }

        var address = read.Endpoint.BetaAt(GraphQueries.SignIns(read.Options.PageSize));
        var (activities, end, meter) = await WalkAsync<SignInActivity>(read, Part, address, read.Reports, SignInRow.Read).ConfigureAwait(false);
        return Outcome<SignInActivity>(read, Part, [.. activities.GroupBy(one => one.AppId).Select(Latest).OrderBy(one => one.AppId)], end, meter);
    }

    public static async Task<PartOutcome<ImmutableArray<ConsentRequest>>> ConsentRequestsAsync(TenantRead read)
    {
        const InventoryPart Part = InventoryPart.ConsentRequests;
        if (!Asked(read, Part))
        {
            return new([], PartReading.Skipped(Part, "not asked for"));
        }

        var (listed, end, meter) = await WalkAsync<ConsentRequest>(
            read, Part, read.Endpoint.At(GraphQueries.ConsentRequests()), read.Governance, ConsentRequestRow.Read).ConfigureAwait(false);
        var requests = new List<ConsentRequest>();
        foreach (var request in listed.DistinctBy(one => one.Id, StringComparer.Ordinal).OrderBy(one => one.Id, StringComparer.Ordinal))
        {
            var address = read.Endpoint.At(GraphQueries.UserConsentRequests(request.Id));
            var (asked, below, _) = await WalkAsync<ConsentRequestRow.UserRequest>(read, Part, address, read.Governance, ConsentRequestRow.ReadUser, meter).ConfigureAwait(false);
            var pending = asked.DistinctBy(one => one.Id, StringComparer.Ordinal).Where(one => one.Pending).ToArray();
            var broken = below.Reason ?? below.FirstUnreadable;
            requests.Add(broken is null ? request with { Pending = pending.Length, OldestPendingAt = pending.Min(one => one.CreatedAt) } : request);
            end = broken is null ? end : end with { Reason = end.Reason ?? $"who asked is not known for every request: {broken}", Fault = end.Fault ?? below.Fault };
        }

        return Outcome<ConsentRequest>(read, Part, [.. requests], end, meter);
    }

    public static async Task<PartOutcome<ImmutableArray<AgentIdentity>>> AgentsAsync(TenantRead read)
    {
        const InventoryPart Part = InventoryPart.AgentIdentities;
        if (!Asked(read, Part))
        {
            return new([], PartReading.Skipped(Part, "not asked for"));
        }

        var address = read.Endpoint.At(GraphQueries.AgentIdentities(read.Options.PageSize));
        var (agents, end, meter) = await WalkAsync<AgentIdentity>(read, Part, address, read.Directory, AgentIdentityRow.Read).ConfigureAwait(false);
        return Outcome<AgentIdentity>(read, Part, [.. agents.DistinctBy(one => one.Id).OrderBy(one => one.Id)], end, meter);
    }

    private static bool Asked(TenantRead read, InventoryPart part) => read.Options.OptionalParts.Contains(part);

    private static SignInActivity Latest(IGrouping<Guid, SignInActivity> same) =>
        new(same.Key, same.Max(one => one.DelegatedAt), same.Max(one => one.ApplicationAt));

    private static async Task<(List<T> Rows, WalkEnd End, RequestMeter Meter)> WalkAsync<T>(
        TenantRead read, InventoryPart part, Uri address, ThrottleGate gate, DocumentRows<T>.RowReader reader, RequestMeter? meter = null)
        where T : class
    {
        await Task.Yield();
        List<T> rows = [];
        meter ??= new RequestMeter(read.Meter);
        var plan = new WalkPlan(part, null, address, Rights.Of(part), meter, gate, () => new DocumentRows<T>(reader, (rows = []).Add));
        var end = await read.Walk.WalkAsync(plan, (count, expected) => read.Report(part, count, expected), read.Token).ConfigureAwait(false);
        return (rows, end, meter);
    }

    private static PartOutcome<ImmutableArray<T>> Outcome<T>(TenantRead read, InventoryPart part, ImmutableArray<T> items, WalkEnd end, RequestMeter meter) =>
        // These collections hold rows of other kinds too, so a count says nothing about ours.
        new(items, read.Ended(PartJudgement.Of(part, end with { Expected = null }, items.Length, meter), end.Unreadable));
}
