namespace Governance.Simulator.Tenants;

/// <summary>
/// A made-up tenant, and the state it is in. May be changed while a simulator serves it; every change shows in the next
/// delta answer. Safe to use from several threads.
/// </summary>
public sealed class SimulatedTenant
{
    private readonly Lock changing = new();
    private TenantState state;

    internal SimulatedTenant(TenantState state) => this.state = state;

    public Guid TenantId => State.TenantId;

    public string DisplayName => State.DisplayName;

    /// <summary>The moment the tenant is in.</summary>
    public DateTimeOffset AsOf => State.AsOf;

    public int ServicePrincipalCount => State.ServicePrincipals.Count;

    public int GrantCount => State.Grants.Count;

    public int AppRoleAssignmentCount => State.Assignments.Count;

    public int UserCount => State.Users.Count;

    /// <summary>The service principals, in the order Graph lists them. Made anew at each enumeration.</summary>
    public IEnumerable<SimulatedServicePrincipal> ServicePrincipals => State.ServicePrincipals.Rows();

    /// <summary>The delegated permission grants, in the order Graph lists them.</summary>
    public IEnumerable<SimulatedGrant> Grants => State.Grants.Rows();

    public IEnumerable<SimulatedAssignment> AppRoleAssignments => State.Assignments.Rows();

    public IEnumerable<SimulatedUser> Users => State.Users.Rows();

    public IReadOnlyList<SimulatedGroup> Groups => State.Groups;

    internal TenantState State => Volatile.Read(ref state);

    /// <summary>Alters the tenant in one step: readers see all of it or nothing.</summary>
    public void Change(Action<TenantChange> change)
    {
        lock (changing)
        {
            var pending = new TenantChange(state);
            change(pending);
            Volatile.Write(ref state, pending.State);
        }
    }

    /// <summary>The same tenant, object by object, under another id: what must never be mixed up.</summary>
    /// <param name="name">Name of the organisation; null keeps it.</param>
    public SimulatedTenant TwinUnder(Guid tenantId, string? name = null) => new(State with { TenantId = tenantId, DisplayName = name ?? DisplayName });

    /// <summary>The same tenant, whose lists come in another order; what has one by its meaning, such as a log, keeps it.</summary>
    /// <param name="seed">The same seed gives the same order.</param>
    public SimulatedTenant Shuffled(int seed)
    {
        var present = State;
        return new(present with
        {
            ServicePrincipals = present.ServicePrincipals.Shuffled(new Random(seed)),
            Grants = present.Grants.Shuffled(new Random(seed)),
            Assignments = present.Assignments.Shuffled(new Random(seed)),
            Users = present.Users.Shuffled(new Random(seed)),
        });
    }

    /// <summary>Takes on the content of another tenant state, such as the next night of the same organisation.</summary>
    /// <exception cref="ArgumentException">It is another tenant.</exception>
    public void MoveTo(SimulatedTenant next)
    {
        var target = next.State;
        if (target.TenantId != TenantId)
        {
            throw new ArgumentException($"tenant {TenantId} cannot become tenant {target.TenantId}", nameof(next));
        }

        Change(change => change.Become(target));
    }
}
