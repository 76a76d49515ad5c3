using System.Globalization;

namespace Governance.Core.Policy.Approvals;

/// <summary>Puts recorded decisions beside the policy file, so that both are judged by in one way.</summary>
/// <remarks>
/// A denial beats every approval, wherever either stands. Of several approvals the most favourable counts. A recorded decision names
/// an app id and replaces only earlier recorded decisions on the same app, never an entry of the file. Open requests count as reviews.
/// </remarks>
public static class PolicyDecisions
{
    public static GovernancePolicy With(this GovernancePolicy policy, GovernanceRecord record)
    {
        if (record.LastDecision == 0)
        {
            return policy;
        }

        var decisions = record.Decisions.Values;
        return policy with
        {
            // Names file and ledger, so that an auditor finds both.
            Version = string.Create(CultureInfo.InvariantCulture, $"{policy.Version}+{record.LastDecision}"),
            Approved = [.. policy.Approved, .. decisions.Select(decision => decision.Approval).OfType<ToolApproval>()],
            Denied =
            [
                .. policy.Denied,
                .. decisions.Where(decision => decision.Approval is null)
                    .Select(decision => new ToolDenial(new ToolReference(null, decision.AppId, null), decision.Reason ?? "denied (the reason was erased)")),
            ],
            UnderReview =
            [
                .. policy.UnderReview,
                .. record.Requests.Values.Where(request => request.State == RequestState.Open)
                    .OrderBy(request => request.Scope.AppId)
                    .Select(request => new ToolReview(new ToolReference(null, request.Scope.AppId, request.Scope.OwnerTenantId), request.DueOn)),
            ],
        };
    }
}
