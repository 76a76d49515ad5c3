using System.Collections.Immutable;
using Governance.Core.Policy.Ledger;
using Governance.Core.Text;

namespace Governance.Core.Policy.Approvals;

/// <summary>What may be done to requests and decisions, and by whom. Pure: each act gives the entry to write.</summary>
public static class RequestActs
{
    /// <param name="purpose">What the tool is wanted for.</param>
    /// <exception cref="ActRefusedException">Another request for the app is open, or the request is not whole.</exception>
    public static LedgerDraft Open(
        GovernanceRecord record, Person by, Person owner, ApprovalScope scope, RiskPrefill risk, string purpose, GovernancePolicy policy, string source, DateTimeOffset now)
    {
        Require(!string.IsNullOrWhiteSpace(purpose), "a request needs a purpose");
        Require(!scope.Permissions.IsEmpty, "a request needs at least one permission");
        if (record.Requests.Values.FirstOrDefault(request => request.State == RequestState.Open && request.Scope.AppId == scope.AppId) is { } open)
        {
            throw new ActRefusedException($"request {open.Id} for this app is open already");
        }

        var current = record.DecisionOn(scope.AppId);
        return Draft(now, by, LedgerKinds.Requested, "request", purpose,
            ("appId", scope.AppId.ToString()),
            ("ownerTenant", scope.OwnerTenantId?.ToString()),
            ("permissions", Facts.List(scope.Permissions)),
            ("departments", Facts.List(scope.Departments)),
            ("dataCategories", Facts.List(scope.DataCategories)),
            ("tenantWide", scope.TenantWide ? "true" : "false"),
            ("owner", owner.Pseudonym),
            ("dueOn", Facts.Day(DateOnly.FromDateTime(now.UtcDateTime).AddDays(policy.ReviewPeriods.RequestDays))),
            ("roles", Facts.List(policy.SignOffRoles)),
            ("riskScore", risk.Score is { } score ? Facts.Number(score) : null),
            ("riskLevel", risk.Level),
            ("verdict", risk.Verdict),
            ("users", risk.Users is { } users ? Facts.Number(users) : null),
            ("assessment", risk.Summary),
            ("renews", current is { Approval: not null } ? current.RequestId : null),
            ("source", source),
            ("before", current is null ? "none" : current.Approval is null ? "denied" : "approved"),
            ("after", "open"));
    }

    /// <exception cref="ActRefusedException">Not a role that is asked, given already, or by someone who may not.</exception>
    public static LedgerDraft SignOff(GovernanceRecord record, string requestId, Person by, string role, string? note, DateTimeOffset now)
    {
        var request = OpenRequest(record, requestId);
        NotTheRequester(request, by, "sign it off");
        role = request.RequiredRoles.FirstOrDefault(required => NameForm.Same(required, role))
            ?? throw new ActRefusedException($"'{role}' is not a role this request needs; it needs {string.Join(", ", request.RequiredRoles)}");
        Require(request.SignOffs.All(given => !NameForm.Same(given.Role, role)), $"role '{role}' has signed off already");
        Require(!request.SignOffs.Any(given => by.Is(given.Person)), "the same person cannot sign off for two roles");
        return Draft(now, by, LedgerKinds.SignedOff, request.Id, note,
            ("role", role),
            ("before", $"{Facts.Number(request.SignOffs.Length)} of {Facts.Number(request.RequiredRoles.Length)}"),
            ("after", $"{Facts.Number(request.SignOffs.Length + 1)} of {Facts.Number(request.RequiredRoles.Length)}"));
    }

    /// <param name="bounds">What is allowed; null for what was asked. It may be narrower, never wider.</param>
    /// <param name="reviewBy">Null for the period of the policy, or for the end where that comes first.</param>
    /// <param name="expiresOn">Null for the period of the policy.</param>
    /// <exception cref="ActRefusedException">A sign-off is missing, the bounds are wider than asked, or the person may not.</exception>
    public static LedgerDraft Approve(
        GovernanceRecord record, string requestId, Person by, ApprovalScope? bounds, string? conditions, DateOnly? reviewBy, DateOnly? expiresOn, GovernancePolicy policy, DateTimeOffset now)
    {
        var request = OpenRequest(record, requestId);
        NotTheRequester(request, by, "approve it");
        var missing = request.MissingRoles.ToArray();
        Require(missing.Length == 0, $"sign-offs are missing: {string.Join(", ", missing)}");
        var allowed = bounds ?? request.Scope;
        Require(Within(allowed, request.Scope), "an approval cannot allow more than was asked and signed off");
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var end = expiresOn ?? today.AddDays(policy.ReviewPeriods.ApprovalDays);
        var usual = today.AddDays(policy.ReviewPeriods.ReviewDays);
        var review = reviewBy ?? (usual < end ? usual : end);
        Require(end >= today && review >= today, "review and expiry cannot lie in the past");
        Require(review <= end, "the review cannot lie behind the expiry");
        return Draft(now, by, LedgerKinds.Approved, request.Id, conditions,
            ("appId", allowed.AppId.ToString()),
            ("ownerTenant", allowed.OwnerTenantId?.ToString()),
            ("permissions", Facts.List(allowed.Permissions)),
            ("departments", Facts.List(allowed.Departments)),
            ("dataCategories", Facts.List(allowed.DataCategories)),
            ("tenantWide", allowed.TenantWide ? "true" : "false"),
            ("owner", request.Owner),
            ("reviewBy", Facts.Day(review)),
            ("expiresOn", Facts.Day(end)),
            ("before", "open"),
            ("after", "approved"));
    }

    /// <exception cref="ActRefusedException">No reason, or the request is decided.</exception>
    public static LedgerDraft Deny(GovernanceRecord record, string requestId, Person by, string reason, DateTimeOffset now)
    {
        var request = OpenRequest(record, requestId);
        NotTheRequester(request, by, "deny it");
        Require(!string.IsNullOrWhiteSpace(reason), "a denial needs a reason");
        return Draft(now, by, LedgerKinds.Denied, request.Id, reason, ("appId", request.Scope.AppId.ToString()), ("before", "open"), ("after", "denied"));
    }

    /// <summary>Denies an app that nobody asked for.</summary>
    /// <exception cref="ActRefusedException">No reason, denied already, or a request for it is open.</exception>
    public static LedgerDraft DenyApp(GovernanceRecord record, Guid appId, Person by, string reason, DateTimeOffset now)
    {
        Require(!string.IsNullOrWhiteSpace(reason), "a denial needs a reason");
        if (record.Requests.Values.FirstOrDefault(request => request.State == RequestState.Open && request.Scope.AppId == appId) is { } open)
        {
            throw new ActRefusedException($"request {open.Id} for this app is open: deny the request");
        }

        var current = record.DecisionOn(appId);
        Require(current is null or { Approval: not null }, "the app is denied already");
        return Draft(now, by, LedgerKinds.Denied, "app", reason,
            ("appId", appId.ToString()), ("before", current is null ? "none" : "approved"), ("after", "denied"));
    }

    /// <summary>Takes back an open request, which its requester may do, or a decision, which anyone else may do.</summary>
    /// <exception cref="ActRefusedException">Nothing is there to take back, or the person may not.</exception>
    public static LedgerDraft Withdraw(GovernanceRecord record, string requestId, Person by, string reason, DateTimeOffset now)
    {
        Require(!string.IsNullOrWhiteSpace(reason), "a withdrawal needs a reason");
        var request = record.Request(requestId);
        switch (request.State)
        {
            case RequestState.Open:
                Require(by.Is(request.RequestedBy), "an open request can be withdrawn only by who made it; others deny it");
                break;
            case RequestState.Approved:
                Require(record.DecisionOn(request.Scope.AppId)?.RequestId == request.Id, $"the approval of {request.Id} no longer counts: a later decision stands");
                break;
            default:
                throw new ActRefusedException($"request {request.Id} is {Name(request.State)}: nothing is left to withdraw");
        }

        return Draft(now, by, LedgerKinds.Withdrawn, request.Id, reason,
            ("appId", request.Scope.AppId.ToString()), ("before", Name(request.State)), ("after", "withdrawn"));
    }

    private static ApprovalRequest OpenRequest(GovernanceRecord record, string requestId)
    {
        var request = record.Request(requestId);
        Require(request.State == RequestState.Open, $"request {request.Id} is {Name(request.State)} already");
        return request;
    }

    private static void NotTheRequester(ApprovalRequest request, Person by, string act)
    {
        if (by.Is(request.RequestedBy))
        {
            throw new ActRefusedException($"who made a request cannot {act}") { OfPerson = true };
        }
    }

    private static bool Within(ApprovalScope allowed, ApprovalScope asked) =>
        allowed.AppId == asked.AppId && allowed.OwnerTenantId == asked.OwnerTenantId
        && (asked.TenantWide || !allowed.TenantWide)
        && Within(allowed.Permissions, asked.Permissions) && Within(allowed.Departments, asked.Departments) && Within(allowed.DataCategories, asked.DataCategories);

    private static bool Within(ImmutableArray<string>? allowed, ImmutableArray<string>? asked) =>
        asked is null || (allowed is { } some && some.All(text => asked.Value.Contains(text, NameForm.Comparer)));

    private static string Name(RequestState state) => state.ToString().ToLowerInvariant();

    private static LedgerDraft Draft(DateTimeOffset now, Person by, string kind, string subject, string? text, params ReadOnlySpan<(string Name, string? Value)> facts) =>
        new(now, by.Pseudonym, kind, subject, Facts.Of(facts), string.IsNullOrWhiteSpace(text) ? null : text.Trim());

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ActRefusedException(message);
        }
    }
}
