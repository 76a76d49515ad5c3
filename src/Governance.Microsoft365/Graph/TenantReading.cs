using System.Collections.Frozen;
using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.Microsoft365.Graph;

/// <summary>Starts the parts of one reading side by side and puts what they bring into an inventory.</summary>
/// <param name="start">When the reading began.</param>
/// <param name="stop">Cancelled when one part fails for good, so that the others end at once.</param>
internal sealed class TenantReading(TenantRead read, ITokenSource tokens, DateTimeOffset start, CancellationTokenSource stop)
{
    private readonly OrganizationSettings _settings = new(read);

    /// <summary>What was asked for and could not be read, beside the parts.</summary>
    public ImmutableArray<string> Notes => _settings.Notes;

    /// <summary>Lists everything.</summary>
    public async Task<Inventory> ListAsync()
    {
        var assigned = new AssignmentsPart(read);
        var organization = OrganizationAsync();
        if (read.Checkpoints is { Found: true })
        {
            await organization.ConfigureAwait(false);
        }

        var principals = EndingAsync(Uncursored(DirectoryParts.ServicePrincipalsAsync(read, assigned.Offer)), assigned);
        var grants = Uncursored(DirectoryParts.GrantsAsync(read, principals: ValueOf(principals)));
        var users = Uncursored(DirectoryParts.UsersAsync(read));
        return await JoinAsync(organization, principals, grants, users, assigned, () => FrozenSet<Guid>.Empty).ConfigureAwait(false);
    }

    /// <summary>Reads what changed since the last inventory, or everything with cursors for the next time.</summary>
    public async Task<(Inventory Inventory, ScanMode Mode)> ChangesAsync(IncrementalReading incremental)
    {
        var (organization, fault) = await OrganizationAsync().ConfigureAwait(false);
        var before = organization is null ? null : await incremental.BaseAsync(organization.TenantId, read.Time.GetUtcNow(), read.Token).ConfigureAwait(false);
        if (organization is null)
        {
            incremental.Said("incremental: the tenant's id cannot be read, so everything is read");
        }

        if (before is not null)
        {
            read.Checkpoints?.NotNeeded();
        }

        var changed = new ChangedParts(read, before, StartedAt);
        await changed.BeginAsync().ConfigureAwait(false);

        var assigned = new AssignmentsPart(read, batched: before is not null);
        var principals = EndingAsync(changed.ServicePrincipalsAsync(assigned.Offer), assigned);
        var grants = changed.GrantsAsync(ValueOf(principals));
        var users = WithNewPrincipalsAsync(changed, grants, changed.UsersAsync());
        var inventory = await JoinAsync(Task.FromResult((organization, fault)), principals, grants, users, assigned, changed.Absent).ConfigureAwait(false);
        return (inventory, changed.ByChanges ? ScanMode.Incremental : ScanMode.Full);
    }

    private DateTimeOffset StartedAt => read.Checkpoints?.StartedAt ?? start;

    private async Task<(Organization? Organization, GraphFault? Fault)> OrganizationAsync()
    {
        Organization? organization = null;
        try
        {
            (organization, var fault) = await OrganizationRead.ReadAsync(read, tokens).ConfigureAwait(false);
            return (organization, fault);
        }
        finally
        {
            // However it ends: checkpoints wait for it.
            read.Checkpoints?.Tenant(organization?.TenantId);
        }
    }

    private async Task<Inventory> JoinAsync(
        Task<(Organization? Organization, GraphFault? Fault)> organization,
        Task<ChangedOutcome<ImmutableArray<ServicePrincipal>>> principals,
        Task<ChangedOutcome<DelegatedPermissionGrants>> grants,
        Task<ChangedOutcome<Users>> users,
        AssignmentsPart assigned,
        Func<IReadOnlySet<Guid>> absent)
    {
        var assignments = assigned.ReadAsync(ReadingOf(principals));
        var events = OptionalParts.ConsentEventsAsync(read);
        var requests = OptionalParts.ConsentRequestsAsync(read);
        var signIns = OptionalParts.SignInsAsync(read);
        var agents = OptionalParts.AgentsAsync(read);
        var policy = _settings.ConsentPolicyAsync();
        var trained = _settings.TrainedUsersAsync();
        await AllOrNothingAsync([organization, principals, grants, assignments, users, events, requests, signIns, agents, policy, trained]).ConfigureAwait(false);

        var (tenant, fault) = await organization.ConfigureAwait(false);
        var (held, heldReading, heldCursor) = await grants.ConfigureAwait(false);
        var (people, peopleReading, peopleCursor) = await users.ConfigureAwait(false);
        var (roles, rolesReading) = await assignments.ConfigureAwait(false);
        var (apps, appsReading, appsCursor) = await new HolderCrossCheck(read, StartedAt)
            .RunAsync(await principals.ConfigureAwait(false), held, roles, absent()).ConfigureAwait(false);
        rolesReading = AssignmentsPart.Within(rolesReading, appsReading);
        var (happened, happenedReading) = await events.ConfigureAwait(false);
        var (asked, askedReading) = await requests.ConfigureAwait(false);
        var (used, usedReading) = await signIns.ConfigureAwait(false);
        var (made, madeReading) = await agents.ConfigureAwait(false);
        var inventory = new Inventory
        {
            Organization = tenant ?? new Organization(Guid.Empty, string.Empty, null),
            ReadAt = StartedAt,
            ServicePrincipals = apps,
            Grants = held,
            Assignments = roles,
            Users = people,
            ConsentEvents = happened,
            ConsentRequests = asked,
            SignIns = used,
            AgentIdentities = made,
            UserConsent = await policy.ConfigureAwait(false),
            TrainedUsers = await trained.ConfigureAwait(false),
            Cursors = DeltaCursors.Of(appsCursor, heldCursor, peopleCursor),
            Parts = [appsReading, heldReading, rolesReading, peopleReading, happenedReading, askedReading, usedReading, madeReading],
        };
        return fault is null
            ? inventory
            : inventory with { Organization = await OrganizationRead.FromTokenAsync(read, tokens, fault, inventory.Parts.Where(part => Inventory.Needed.Contains(part.Part))).ConfigureAwait(false) };
    }

    private async Task<ChangedOutcome<Users>> WithNewPrincipalsAsync(
        ChangedParts changed, Task<ChangedOutcome<DelegatedPermissionGrants>> grants, Task<ChangedOutcome<Users>> users)
    {
        await Task.WhenAll(grants, users).ConfigureAwait(false);
        var (known, reading, cursor) = await users.ConfigureAwait(false);
        var (all, looked) = await NewPrincipals.LookUpAsync(read, known, reading, changed.NewPrincipals).ConfigureAwait(false);
        return new(all, looked, cursor);
    }

    private static async Task<ChangedOutcome<T>> Uncursored<T>(Task<PartOutcome<T>> part)
    {
        var (value, reading) = await part.ConfigureAwait(false);
        return new(value, reading, null);
    }

    /// <summary>However the service principals end, no more resources are to be awaited after them.</summary>
    private static async Task<T> EndingAsync<T>(Task<T> principals, AssignmentsPart assigned)
    {
        try
        {
            return await principals.ConfigureAwait(false);
        }
        finally
        {
            assigned.NoMore();
        }
    }

    private static async Task<T> ValueOf<T>(Task<ChangedOutcome<T>> part) => (await part.ConfigureAwait(false)).Value;

    private static async Task<PartReading> ReadingOf<T>(Task<ChangedOutcome<T>> part) => (await part.ConfigureAwait(false)).Reading;

    /// <summary>When one task fails for good the others are stopped at once, and its exception is the one thrown.</summary>
    private async Task AllOrNothingAsync(params Task[] tasks)
    {
        var left = tasks.ToList();
        while (left.Count > 0)
        {
            var ended = await Task.WhenAny(left).ConfigureAwait(false);
            left.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll(left).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
                await ended.ConfigureAwait(false);
            }
        }
    }
}
