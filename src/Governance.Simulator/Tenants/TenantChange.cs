using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>Alterations of a tenant, collected and then applied together.</summary>
public sealed class TenantChange
{
    internal TenantChange(TenantState state) => State = state;

    internal TenantState State { get; private set; }

    /// <summary>Adds the service principal, or replaces the one of the same id.</summary>
    public void Put(SimulatedServicePrincipal row) => State = State with
    {
        ServicePrincipals = State.ServicePrincipals.With(
            row, State.ServicePrincipals.TryFind(row.Id, out var old) ? ChangedProperties.Between(old, row) : []),
    };

    /// <summary>Adds the grant, or replaces the one of the same client, resource and principal.</summary>
    public void Put(SimulatedGrant row) => State = State with { Grants = State.Grants.With(row, ["scope"]) };

    /// <summary>Adds the assignment, or replaces the one of the same holder and nonce.</summary>
    public void Put(SimulatedAssignment row) => State = State with { Assignments = State.Assignments.With(row, []) };

    /// <summary>Adds the user, or replaces the one of the same id.</summary>
    public void Put(SimulatedUser row) => State = State with
    {
        Users = State.Users.With(row, State.Users.TryFind(row.Id, out var old) ? ChangedProperties.Between(old, row) : []),
    };

    /// <summary>Adds the group, or replaces the one of the same id.</summary>
    public void Put(SimulatedGroup row) => State = State with { Groups = [.. State.Groups.Where(group => group.Id != row.Id), row] };

    /// <summary>Adds the consent request, or replaces the one of the same id.</summary>
    public void Put(SimulatedConsentRequest row) =>
        State = State with { ConsentRequests = [.. State.ConsentRequests.Where(request => request.Id != row.Id), row] };

    /// <summary>Adds the sign-in activity, or replaces the one of the same app.</summary>
    public void Put(SimulatedSignInActivity row) =>
        State = State with { SignInActivities = [.. State.SignInActivities.Where(activity => activity.AppId != row.AppId), row] };

    /// <summary>Adds an event to the audit log, which stays newest first.</summary>
    public void Put(SimulatedAuditEvent row) =>
        State = State with { AuditEvents = [.. State.AuditEvents.Append(row).OrderByDescending(one => one.At)] };

    /// <summary>Says what users may consent to by themselves; empty for nothing.</summary>
    public void AllowUserConsent(params ImmutableArray<string> policies) => State = State with { PermissionGrantPolicies = policies };

    /// <summary>Deletes a service principal so that it can be restored (<c>changed</c>). Its grants stay unless removed too.</summary>
    public void RemoveServicePrincipal(Guid id) =>
        State = State with { ServicePrincipals = State.ServicePrincipals.Without(id, "changed") };

    public void Remove(SimulatedGrant row) => State = State with { Grants = State.Grants.Without(row.Key, "deleted") };

    public void Remove(SimulatedAssignment row) =>
        State = State with { Assignments = State.Assignments.Without(row.Key, "deleted") };

    /// <summary>Deletes a user so that it can be restored (<c>changed</c>).</summary>
    public void RemoveUser(Guid id) => State = State with { Users = State.Users.Without(id, "changed") };

    /// <summary>Deletes a user for good (<c>deleted</c>).</summary>
    public void PurgeUser(Guid id) => State = State with { Users = State.Users.Without(id, "deleted") };

    internal void Become(TenantState target)
    {
        foreach (var row in State.ServicePrincipals.Rows().Where(row => !target.ServicePrincipals.TryFind(row.Id, out _)).ToImmutableArray())
        {
            RemoveServicePrincipal(row.Id);
        }

        foreach (var row in target.ServicePrincipals.Rows())
        {
            if (!State.ServicePrincipals.TryFind(row.Id, out var old) || ChangedProperties.Between(old, row).Count > 0)
            {
                Put(row);
            }
        }

        foreach (var row in State.Users.Rows().Where(row => !target.Users.TryFind(row.Id, out _)).ToImmutableArray())
        {
            RemoveUser(row.Id);
        }

        foreach (var row in target.Users.Rows())
        {
            if (!State.Users.TryFind(row.Id, out var old) || old != row)
            {
                Put(row);
            }
        }

        State = State with
        {
            Grants = Moved(State.Grants, target.Grants, ["scope"]),
            Assignments = Moved(State.Assignments, target.Assignments, []),
            AsOf = target.AsOf,
            Groups = target.Groups,
            AuditEvents = target.AuditEvents,
            ConsentRequests = target.ConsentRequests,
            SignInActivities = target.SignInActivities,
            PermissionGrantPolicies = target.PermissionGrantPolicies,
        };
    }

    private static Table<TKey, TRow> Moved<TKey, TRow>(Table<TKey, TRow> from, Table<TKey, TRow> to, string[] changed)
        where TKey : notnull
    {
        var moved = from;
        foreach (var row in from.Rows())
        {
            if (!to.TryFind(from.KeyOf(row), out _))
            {
                moved = moved.Without(from.KeyOf(row), "deleted");
            }
        }

        foreach (var row in to.Rows())
        {
            if (!from.TryFind(from.KeyOf(row), out var old) || !EqualityComparer<TRow>.Default.Equals(old, row))
            {
                moved = moved.With(row, changed);
            }
        }

        return moved;
    }
}
