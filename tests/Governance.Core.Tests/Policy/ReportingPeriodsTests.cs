using System.Globalization;
using Governance.Core.Policy;

namespace Governance.Core.Tests.Policy;

public class ReportingPeriodsTests
{
    [Theory]
    [InlineData(ReportingPeriod.Day, "2028-02-29", "2028-02-29")]
    [InlineData(ReportingPeriod.Week, "2026-12-31", "2026-W53")]
    [InlineData(ReportingPeriod.Week, "2027-01-01", "2026-W53")]
    [InlineData(ReportingPeriod.Week, "2027-01-03", "2026-W53")]
    [InlineData(ReportingPeriod.Week, "2027-01-04", "2027-W01")]
    [InlineData(ReportingPeriod.Week, "2024-12-30", "2025-W01")]
    [InlineData(ReportingPeriod.Month, "2026-12-31", "2026-12")]
    [InlineData(ReportingPeriod.Quarter, "2026-03-31", "2026-Q1")]
    [InlineData(ReportingPeriod.Quarter, "2026-04-01", "2026-Q2")]
    [InlineData(ReportingPeriod.Quarter, "2026-12-31", "2026-Q4")]
    public void TC_6_year_end_leap_day_week_53_and_quarter_end_have_the_right_keys(ReportingPeriod period, string day, string key)
    {
        Assert.Equal(key, ReportingPeriods.KeyOf(period, DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(ReportingPeriod.Day)]
    [InlineData(ReportingPeriod.Week)]
    [InlineData(ReportingPeriod.Month)]
    [InlineData(ReportingPeriod.Quarter)]
    public void Every_day_of_ten_years_lies_in_one_period_whose_keys_sort_as_text(ReportingPeriod period)
    {
        var last = string.Empty;
        for (var day = new DateOnly(2024, 1, 1); day < new DateOnly(2034, 1, 1); day = day.AddDays(1))
        {
            var key = ReportingPeriods.KeyOf(period, day);
            var first = ReportingPeriods.FirstDay(period, day);
            var next = ReportingPeriods.NextFirstDay(period, day);

            Assert.True(first <= day && day < next);
            Assert.Equal(key, ReportingPeriods.KeyOf(period, first));
            Assert.Equal(key, ReportingPeriods.KeyOf(period, next.AddDays(-1)));
            Assert.NotEqual(key, ReportingPeriods.KeyOf(period, next));
            Assert.True(string.CompareOrdinal(last, key) <= 0);
            last = key;
        }
    }
}
