using Governance.Functions.Settings;

namespace Governance.Functions.Tests;

public sealed class ScheduleExpressionTests
{
    [Theory]
    [InlineData("0 0 2 * * *")]
    [InlineData("0 */10 * * * *")]
    [InlineData("0 0 8-20/4 * * MON-FRI")]
    [InlineData("0 0 2 29 FEB *")]
    [InlineData("0,30 0 2 1,15 * *")]
    public void A_schedule_with_six_fields_is_taken(string schedule)
    {
        Assert.Null(ScheduleExpression.ProblemOf(schedule));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("0 2 * * *")]
    [InlineData("0 0 2 * * * *")]
    [InlineData("60 0 2 * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("0 0 2 0 * *")]
    [InlineData("0 0 2 30 2 *")]
    [InlineData("0 0 2 31 4,6 *")]
    [InlineData("0 */0 * * * *")]
    [InlineData("0 5-1 * * * *")]
    [InlineData("0 0 2 * * EVERYDAY")]
    [InlineData("0 -1 2 * * *")]
    [InlineData("%Schedule%")]
    public void A_schedule_that_cannot_fire_is_refused_without_its_value(string? schedule)
    {
        var problem = ScheduleExpression.ProblemOf(schedule);

        Assert.NotNull(problem);
        Assert.True(string.IsNullOrWhiteSpace(schedule) || !problem.Contains(schedule, StringComparison.Ordinal));
    }
}
