using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>People asked for an app and nobody answered in time.</summary>
internal sealed class PendingRequestOverdue : IRequestRule
{
    public string Id => "pending-request-overdue";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ConsentRequests];

    public Verdict Judge(ConsentRequest request, JudgementContext context)
    {
        if (request.Pending == 0)
        {
            return new Verdict.Pass("answered");
        }

        if (request.OldestPendingAt is not { } oldest)
        {
            return new Verdict.NotAssessed("the date of the oldest pending request");
        }

        var due = oldest.AddDays(context.Thresholds.RequestDeadlineDays);
        if (due >= context.AsOf)
        {
            return new Verdict.Pass("within its deadline");
        }

        return new Verdict.Violation(
            Severity.Medium,
            "A request for consent waits past its deadline.",
            [
                RuleFacts.Day("oldest request", oldest),
                RuleFacts.Day("due", due),
                new("pending requests", request.Pending is { } pending ? RuleFacts.Number(string.Empty, pending).Value : "unknown"),
                new("scopes asked for", string.Join(' ', request.PendingScopes.Order(StringComparer.Ordinal))),
            ]);
    }
}
