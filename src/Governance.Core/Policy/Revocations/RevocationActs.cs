using System.Globalization;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Policy.Revocations;

/// <summary>What may be done to revocation orders, and by whom. Pure: each act gives the entry to write.</summary>
public static class RevocationActs
{
    /// <summary>How long an order stays with someone who took it and then wrote nothing: longer than one call to Graph with all its waits.</summary>
    public static readonly TimeSpan TakenFor = TimeSpan.FromMinutes(15);

    /// <param name="users">Everyone whose access ends, as the scan counted them.</param>
    /// <exception cref="ActRefusedException">The plan goes beyond the limits, or another order for the app is under way.</exception>
    public static LedgerDraft Plan(GovernanceRecord record, Person by, RevocationPlan plan, int users, string reason, GovernancePolicy policy, DateTimeOffset now)
    {
        Require(!string.IsNullOrWhiteSpace(reason), "a revocation needs a reason");
        CheckLimits(plan, users, policy.Revocation);
        if (record.Orders.Values.FirstOrDefault(order => order.ServicePrincipalId == plan.ServicePrincipalId && Live(order, policy.Revocation, now)) is { } other)
        {
            throw new ActRefusedException($"order {other.Id} for this app is under way; decline it first");
        }

        return new LedgerDraft(now, by.Pseudonym, LedgerKinds.RevocationPlanned, "app",
            Facts.Of(
                ("servicePrincipal", plan.ServicePrincipalId.ToString()),
                ("appId", plan.AppId?.ToString()),
                ("fingerprint", plan.Fingerprint),
                ("items", Facts.Number(plan.Items.Length)),
                ("users", Facts.Number(users)),
                ("approvers", Facts.Number(policy.Revocation.Approvers)),
                ("before", "none"),
                ("after", "planned")),
            $"{plan.ToText()}\n{reason.Trim()}");
    }

    /// <param name="fingerprint">Of the plan that was looked at.</param>
    /// <exception cref="ActRefusedException">The planner, the same person twice, another plan, or too late.</exception>
    public static LedgerDraft Approve(GovernanceRecord record, string orderId, Person by, string fingerprint, GovernancePolicy policy, DateTimeOffset now)
    {
        var order = Waiting(record, orderId);
        Require(fingerprint == order.Fingerprint, "the sign-off is for another plan than the one of this order");
        if (by.Is(order.PlannedBy))
        {
            throw new ActRefusedException("who planned a revocation cannot approve it") { OfPerson = true };
        }

        Require(!order.Approvers.Any(by.Is), "the same person cannot approve twice");
        Require(Live(order, policy.Revocation, now), "the plan is too old; make a new one");
        return Draft(now, by, LedgerKinds.RevocationApproved, order, ("fingerprint", order.Fingerprint), ("before", Count(order, 0)), ("after", Count(order, 1)));
    }

    /// <exception cref="ActRefusedException">The order is no longer under way.</exception>
    public static LedgerDraft Decline(GovernanceRecord record, string orderId, Person by, DateTimeOffset now)
    {
        var order = record.Order(orderId);
        Require(order.State is OrderState.Planned or OrderState.SignedOff && order.Done.IsEmpty, $"order {order.Id} is {Name(order)}: it cannot be declined any more");
        return Draft(now, by, LedgerKinds.RevocationDeclined, order, ("before", Name(order)), ("after", "declined"));
    }

    /// <summary>Checks everything that can be checked without asking Graph.</summary>
    /// <exception cref="ActRefusedException">The order may not be carried out.</exception>
    public static RevocationPlan ReadyToExecute(GovernanceRecord record, string orderId, Guid tenantId, GovernancePolicy policy, DateTimeOffset now)
    {
        var order = record.Order(orderId);
        Require(order.State == OrderState.SignedOff, order.State == OrderState.Planned
            ? $"order {order.Id} lacks sign-offs: {Count(order, 0)}"
            : $"order {order.Id} is {Name(order)}");
        Require(Live(order, policy.Revocation, now), "the sign-off is too old; make a new plan");
        var plan = order.Plan ?? throw new ActRefusedException("the plan was erased with a person in it; make a new one");
        Require(plan.TenantId == tenantId, "the plan is for another tenant");
        Require(plan.Fingerprint == order.Fingerprint && plan.ServicePrincipalId == order.ServicePrincipalId, "the plan is not the one that was signed off");
        Require(order.Approvers.Distinct(StringComparer.Ordinal).Count(person => person != order.PlannedBy) >= Math.Max(order.Needed, policy.Revocation.Approvers), "the policy now asks for more sign-offs; make a new plan");
        CheckLimits(plan, order.Users, policy.Revocation);
        return plan;
    }

    /// <summary>True while the order could still be signed off or carried out.</summary>
    public static bool Live(RevocationOrder order, RevocationLimits limits, DateTimeOffset now) =>
        order.State is OrderState.Planned or OrderState.SignedOff && now < order.PlannedAt.AddDays(limits.ValidDays);

    /// <summary>Takes the order, so that no second person carries it out or undoes it at the same time.</summary>
    /// <exception cref="ActRefusedException">Someone has it, or broke off less than <see cref="TakenFor"/> ago.</exception>
    internal static LedgerDraft Take(RevocationOrder order, Person by, DateTimeOffset now)
    {
        if (order.TakenAt + TakenFor is { } until && now < until)
        {
            throw new ActRefusedException(string.Create(
                CultureInfo.InvariantCulture, $"someone works on order {order.Id} now; if that broke off, it can be taken up again at {until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"));
        }

        return Draft(now, by, LedgerKinds.RevocationTaken, order, ("before", order.TakenAt is null ? "free" : "brokenOff"), ("after", "taken"));
    }

    internal static LedgerDraft Release(RevocationOrder order, Person by, DateTimeOffset now) =>
        Draft(now, by, LedgerKinds.RevocationReleased, order, ("before", "taken"), ("after", "free"));

    internal static LedgerDraft Voided(RevocationOrder order, Person by, string why, DateTimeOffset now) =>
        Draft(now, by, LedgerKinds.RevocationVoided, order, ("why", why), ("before", Name(order)), ("after", "voided"));

    internal static LedgerDraft Executed(RevocationOrder order, Person by, DateTimeOffset now) =>
        Draft(now, by, LedgerKinds.RevocationExecuted, order, ("before", Name(order)), ("after", "executed"));

    /// <param name="undo">State of the item just before the call; kept before the call is made.</param>
    internal static LedgerDraft Item(RevocationOrder order, Person by, string kind, int item, string before, string after, DateTimeOffset now, RevocationItem? undo = null, string? why = null) =>
        Draft(now, by, kind, order, ("item", Facts.Number(item)), ("fingerprint", order.Fingerprint), ("before", before), ("after", after), ("why", why)) with
        {
            Part = undo is null ? null : RevocationPlan.ToText(undo),
        };

    internal static string Name(RevocationOrder order) => order.State switch
    {
        OrderState.SignedOff => "signed off",
        var state => state.ToString().ToLowerInvariant(),
    };

    private static void CheckLimits(RevocationPlan plan, int users, RevocationLimits limits)
    {
        Require(plan.AppId is not { } appId || !limits.ProtectedApps.Contains(appId), "the policy protects this app from revocation");
        Require(plan.Items.Length <= limits.MostItems, string.Create(CultureInfo.InvariantCulture, $"the order would touch {plan.Items.Length} grants, the policy allows {limits.MostItems}"));
        Require(users <= limits.MostUsers, string.Create(CultureInfo.InvariantCulture, $"the order would touch {users} users, the policy allows {limits.MostUsers}"));
    }

    private static RevocationOrder Waiting(GovernanceRecord record, string orderId)
    {
        var order = record.Order(orderId);
        Require(order.State == OrderState.Planned, $"order {order.Id} is {Name(order)} already");
        return order;
    }

    private static string Count(RevocationOrder order, int more) =>
        string.Create(CultureInfo.InvariantCulture, $"{order.Approvers.Length + more} of {order.Needed}");

    private static LedgerDraft Draft(DateTimeOffset now, Person by, string kind, RevocationOrder order, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        new(now, by.Pseudonym, kind, order.Id, Facts.Of(facts), null);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ActRefusedException(message);
        }
    }
}
