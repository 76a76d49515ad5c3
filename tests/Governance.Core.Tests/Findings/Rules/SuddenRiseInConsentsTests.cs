using Governance.Core.Findings;
using Governance.Core.Findings.Rules;

namespace Governance.Core.Tests.Findings.Rules;

public class SuddenRiseInConsentsTests
{
    private static readonly DateTimeOffset LongAgo = Some.Moment.AddDays(-60);

    private static AssessedApp Tool(int users, DateTimeOffset firstSeen, params (int DaysAgo, int Users)[] history) =>
        Some.Assessed(reach: Some.Reach(users), firstSeen: firstSeen) with
        {
            UsersOverTime = [.. history.Select(entry => new UsersFrom(Some.Day.AddDays(-entry.DaysAgo), entry.Users))],
        };

    [Fact]
    public void Doubling_within_the_window_is_a_violation_that_says_what_was_compared()
    {
        var app = Tool(20, LongAgo, (60, 3), (10, 10), (0, 20));

        var violation = Assert.IsType<Verdict.Violation>(new SuddenRiseInConsents().Judge(app, Some.Context(watchedSince: LongAgo)));

        Assert.Contains(new EvidenceItem("users before", "10"), violation.Evidence);
        Assert.Contains(new EvidenceItem("users now", "20"), violation.Evidence);
        Assert.Contains(new EvidenceItem("window in days", "7"), violation.Evidence);
    }

    [Fact]
    public void A_rise_that_is_older_than_the_window_passes()
    {
        Assert.IsType<Verdict.Pass>(new SuddenRiseInConsents().Judge(Tool(20, LongAgo, (60, 3), (7, 20)), Some.Context(watchedSince: LongAgo)));
    }

    [Fact]
    public void Few_new_users_are_no_rise_whatever_the_factor()
    {
        Assert.IsType<Verdict.Pass>(new SuddenRiseInConsents().Judge(Tool(5, LongAgo, (60, 1), (0, 5)), Some.Context(watchedSince: LongAgo)));
    }

    [Fact]
    public void A_tool_that_came_within_the_window_began_with_nobody()
    {
        var app = Tool(5, Some.Moment.AddDays(-2), (2, 5));

        Assert.IsType<Verdict.Violation>(new SuddenRiseInConsents().Judge(app, Some.Context(watchedSince: LongAgo)));
    }

    [Fact]
    public void A_first_scan_has_nothing_to_compare_with()
    {
        Assert.IsType<Verdict.NotAssessed>(new SuddenRiseInConsents().Judge(Tool(500, Some.Moment, (0, 500)), Some.Context()));
        Assert.IsType<Verdict.NotAssessed>(new SuddenRiseInConsents().Judge(Tool(500, Some.Moment, (0, 500)), Some.Context(watchedSince: Some.Moment)));
    }

    [Fact]
    public void An_unknown_earlier_number_is_not_taken_for_zero()
    {
        Assert.IsType<Verdict.NotAssessed>(new SuddenRiseInConsents().Judge(Tool(500, LongAgo, (3, 500)), Some.Context(watchedSince: LongAgo)));
    }
}
