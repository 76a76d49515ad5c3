using Governance.Core.Findings;

namespace Governance.Core.Tests.Findings;

public class ReachHistoryTests
{
    [Fact]
    public void Only_changes_are_kept_and_the_same_day_again_changes_nothing()
    {
        var history = ReachHistory.With([], Some.Day, 10, certain: true, window: 7);
        history = ReachHistory.With(history, Some.Day, 10, certain: true, window: 7);
        history = ReachHistory.With(history, Some.Day.AddDays(1), 10, certain: true, window: 7);
        history = ReachHistory.With(history, Some.Day.AddDays(2), 12, certain: true, window: 7);

        Assert.Equal([new UsersFrom(Some.Day, 10), new UsersFrom(Some.Day.AddDays(2), 12)], history.ToArray());
    }

    [Fact]
    public void An_uncertain_number_is_not_kept()
    {
        Assert.Empty(ReachHistory.With([], Some.Day, 3, certain: false, window: 7));
    }

    [Fact]
    public void The_entry_in_force_at_the_windows_begin_stays()
    {
        var history = ReachHistory.With([new(Some.Day.AddDays(-40), 1), new(Some.Day.AddDays(-20), 2)], Some.Day, 3, certain: true, window: 7);

        Assert.Equal(2, ReachHistory.On(history, Some.Day.AddDays(-7)));
        Assert.Equal(2, history.Length);
    }

    [Fact]
    public void Of_a_day_before_the_first_entry_nothing_is_known()
    {
        Assert.Null(ReachHistory.On([new(Some.Day, 1)], Some.Day.AddDays(-1)));
    }
}
