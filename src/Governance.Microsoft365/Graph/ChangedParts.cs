using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>A part with the place where its next changes begin.</summary>
internal readonly record struct ChangedOutcome<T>(T Value, PartReading Reading, DeltaCursor? Cursor);

/// <summary>
/// Reads the directory's collections by their changes since an inventory, and lists one whose changes cannot be told. What was known
/// stays until a list or a round of changes has ended whole.
/// </summary>
/// <param name="before">Null when everything is to be listed.</param>
internal sealed class ChangedParts(TenantRead read, Inventory? before, DateTimeOffset start)
{
    private static readonly InventoryPart[] Told = [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.Users];
    private readonly ChangedServicePrincipals _principals = new(before?.ServicePrincipals ?? []);
    private readonly ChangedGrants _grants = new(before?.Grants ?? DelegatedPermissionGrants.Empty);
    private BatchAnswer[] _first = [BatchAnswer.None, BatchAnswer.None, BatchAnswer.None];

    /// <summary>True when at least one part was read by its changes.</summary>
    public bool ByChanges { get; private set; }

    /// <summary>Users that grants were newly given for.</summary>
    public IEnumerable<Guid> NewPrincipals => _grants.Principals;

    /// <summary>Service principals that the directory no longer has: those that a round said are gone, and those that were missing before.</summary>
    public IReadOnlySet<Guid> Absent()
    {
        var absent = _principals.Removed.Select(id => Guid.TryParse(id, out var gone) ? gone : Guid.Empty).ToHashSet();
        if (before is not null && before.Part(InventoryPart.ServicePrincipals).Complete)
        {
            var known = before.ServicePrincipals.Select(principal => principal.Id).ToHashSet();
            absent.UnionWith(before.Assignments.Holders.Concat(before.Grants.Clients.ToArray()).Where(id => !known.Contains(id)));
        }

        return absent;
    }

    /// <summary>Asks for the first pages of all changes, and for new cursors where there are none, in one call.</summary>
    public async Task BeginAsync() => _first = await GraphBatch.AskAsync(
        read, [.. Told.Select(part => read.Endpoint.Relative(CursorOf(part) is { } cursor ? At(cursor) : read.Endpoint.At(GraphQueries.Latest(part))))],
        null, new RequestMeter(read.Meter)).ConfigureAwait(false);

    public async Task<ChangedOutcome<ImmutableArray<ServicePrincipal>>> ServicePrincipalsAsync(Action<ServicePrincipal> seen)
    {
        var outcome = await PartAsync(
            _principals, before?.ServicePrincipals ?? [], link => DirectoryParts.ServicePrincipalsAsync(read, seen, link)).ConfigureAwait(false);
        foreach (var principal in outcome.Value)
        {
            seen(principal);
        }

        return outcome;
    }

    /// <param name="principals">Whom to ask one by one should a list turn out short.</param>
    public Task<ChangedOutcome<DelegatedPermissionGrants>> GrantsAsync(Task<ImmutableArray<ServicePrincipal>> principals) => PartAsync(
        _grants, before?.Grants ?? DelegatedPermissionGrants.Empty, link => DirectoryParts.GrantsAsync(read, link, principals));

    public Task<ChangedOutcome<Users>> UsersAsync() => PartAsync(
        new ChangedUsers(before?.Users ?? Users.Empty), before?.Users ?? Users.Empty, link => DirectoryParts.UsersAsync(read, link));

    /// <returns>Null when there is none, and for one that would lead the token elsewhere.</returns>
    private DeltaCursor? CursorOf(InventoryPart part)
    {
        var cursor = part switch
        {
            InventoryPart.ServicePrincipals => before?.Cursors?.ServicePrincipals,
            InventoryPart.Oauth2PermissionGrants => before?.Cursors?.Grants,
            _ => before?.Cursors?.Users,
        };
        return cursor is not null && read.Endpoint.Owns(At(cursor)) ? cursor : null;
    }

    private Uri At(DeltaCursor cursor) => read.Endpoint.At(cursor.Link);

    private async Task<ChangedOutcome<T>> PartAsync<T, TRow>(ChangedRows<T, TRow> changed, T known, Func<string?, Task<PartOutcome<T>>> listAsync)
    {
        await Task.Yield();
        var part = changed.Part;
        if (CursorOf(part) is not { } cursor)
        {
            return await ListAsync(part, _first[Array.IndexOf(Told, part)], listAsync).ConfigureAwait(false);
        }

        var meter = new RequestMeter(read.Meter);
        var heard = new List<DeltaRow<TRow>>();
        var plan = new WalkPlan(
            part, null, At(cursor), Rights.Of(part), meter, read.Directory,
            () => new DeltaRows<TRow>(taken => changed.Reader(taken, changes: true), (heard = []).Add))
        {
            First = _first[Array.IndexOf(Told, part)].Page,
        };
        var end = await read.Walk.WalkAsync(plan, null, read.Token).ConfigureAwait(false);
        if (end.Fault is { Kind: FaultKind.SyncLost or FaultKind.NotFound or FaultKind.Refused or FaultKind.LinkExpired })
        {
            read.Logger.SyncLost(part, end.Fault.Kind);
            return await ListAgainAsync(part, known, changed.Count(known), end.Fault, listAsync).ConfigureAwait(false);
        }

        var reading = PartJudgement.Of(part, end, changed.Count(known), meter);
        if (!reading.Complete || CursorAt(end.DeltaLink, cursor.ListedAt) is not { } next)
        {
            // The cursor stays with the rows it covers, so the next reading hears these changes again.
            var reason = reading.Complete ? "the round of changes ended without a link to the next" : reading.Reason;
            return new(known, read.Ended(reading with { Status = PartStatus.Partial, Reason = reason }, end.Unreadable), cursor);
        }

        heard.ForEach(changed.Apply);
        if (await ReadUnknownAsync(changed, meter).ConfigureAwait(false) is { } unknown)
        {
            return new(known, read.Ended(reading with { Status = PartStatus.Partial, Requests = meter.Sent, Reason = unknown }, 0), cursor);
        }

        ByChanges = true;
        var value = changed.Applied();
        return new(value, read.Ended(reading with { Items = changed.Count(value), Requests = meter.Sent }, 0), next);
    }

    /// <summary>Reads the objects of which the round told only a part, and no earlier reading the rest.</summary>
    /// <returns>Why one of them could not be read; null when all were.</returns>
    private async Task<string?> ReadUnknownAsync<T, TRow>(ChangedRows<T, TRow> changed, RequestMeter meter)
    {
        if (changed.Unknown is not { Length: > 0 } ids)
        {
            return null;
        }

        var objects = await ObjectsById.ReadAsync<TRow>(
            read, changed.Part, ids, meter, taken => changed.Reader(row => taken((changed.IdOf(row), row)), changes: false)).ConfigureAwait(false);
        foreach (var one in objects)
        {
            if (one.Unknown is not null)
            {
                return $"{ids.Length} changed rows are not known and could not be read by id: {one.Unknown}";
            }

            changed.Apply(one);
        }

        return null;
    }

    /// <summary>Lists a part whose changes are lost. Until that has ended whole, what was known stays.</summary>
    private async Task<ChangedOutcome<T>> ListAgainAsync<T>(InventoryPart part, T known, long items, GraphFault lost, Func<string?, Task<PartOutcome<T>>> listAsync)
    {
        var listed = await ListAsync(part, BatchAnswer.None, listAsync).ConfigureAwait(false);
        var note = $"listed again: {lost.Words(Rights.Of(part))}";
        return listed.Reading.Complete
            ? listed with { Reading = listed.Reading with { Reason = listed.Reading.Reason is { } said ? $"{note}; {said}" : note } }
            : new(known, listed.Reading with { Status = PartStatus.Partial, Items = items, Reason = $"{note}; {listed.Reading.Reason}" }, null);
    }

    /// <summary>The cursor is taken first: what changes during the list is heard again, not missed.</summary>
    private async Task<ChangedOutcome<T>> ListAsync<T>(InventoryPart part, BatchAnswer latest, Func<string?, Task<PartOutcome<T>>> listAsync)
    {
        if (read.Checkpoints?.Of(part) is { State: var state })
        {
            var (rows, resumed) = await listAsync(state.Cursor).ConfigureAwait(false);
            return new(rows, resumed, resumed.Complete && state.Cursor is { } taken ? new DeltaCursor(taken, start) : null);
        }

        var meter = new RequestMeter(read.Meter);
        var plan = new WalkPlan(
            part, null, read.Endpoint.At(GraphQueries.Latest(part)), Rights.Of(part), meter, read.Directory, () => new DeltaRows<object>(_ => new DocumentRows<object>((System.Text.Json.JsonElement _, ref string? _) => null, _ => { }), _ => { }))
        {
            First = latest.Page,
        };
        var end = await read.Walk.WalkAsync(plan, null, read.Token).ConfigureAwait(false);
        var cursor = end.Reason is null ? CursorAt(end.DeltaLink, start) : null;
        var (value, reading) = await listAsync(cursor?.Link).ConfigureAwait(false);
        return new(value, reading with { Requests = reading.Requests + meter.Sent }, reading.Complete ? cursor : null);
    }

    /// <returns>Null when there is no link, or one that leads elsewhere.</returns>
    private DeltaCursor? CursorAt(string? link, DateTimeOffset listedAt) =>
        link is not null && Uri.TryCreate(link, UriKind.Absolute, out var address) && read.Endpoint.Owns(address) ? new DeltaCursor(address.PathAndQuery, listedAt) : null;
}
