using Governance.Core.Findings;
using Governance.Core.Findings.Rules;

namespace Governance.Core.Tests.Findings.Rules;

public class PendingRequestOverdueTests
{
    [Fact]
    public void A_request_older_than_the_deadline_is_a_violation()
    {
        var verdict = new PendingRequestOverdue().Judge(Some.Request(oldest: Some.Moment.AddDays(-8)), Some.Context());

        Assert.Contains(new EvidenceItem("due", "2026-03-31"), Assert.IsType<Verdict.Violation>(verdict).Evidence);
    }

    [Fact]
    public void A_request_within_its_deadline_or_answered_passes()
    {
        Assert.IsType<Verdict.Pass>(new PendingRequestOverdue().Judge(Some.Request(oldest: Some.Moment.AddDays(-7)), Some.Context()));
        Assert.IsType<Verdict.Pass>(new PendingRequestOverdue().Judge(Some.Request(oldest: Some.Moment.AddDays(-70), pending: 0), Some.Context()));
    }

    [Fact]
    public void A_request_without_a_date_is_not_assessed()
    {
        Assert.IsType<Verdict.NotAssessed>(new PendingRequestOverdue().Judge(Some.Request(), Some.Context()));
    }

    [Fact]
    public void Two_requests_for_one_app_are_one_subject_and_the_oldest_speaks()
    {
        var inventory = Some.Inventory() with
        {
            ConsentRequests = [Some.Request(id: "a", oldest: Some.Moment.AddDays(-1)), Some.Request(id: "b", oldest: Some.Moment.AddDays(-20))],
        };

        var judgement = Assert.Single(FindingRules.OfConsentRequests(Some.Context(inventory)));

        Assert.IsType<Verdict.Violation>(judgement.Verdict);
        Assert.Equal(Some.Id(100_001).ToString(), judgement.Subject);
    }
}
