using System.Net;
using Governance.Microsoft365.Graph;

namespace Governance.Microsoft365.Tests.Graph;

public sealed class RetryAfterTests
{
    [Theory]
    [InlineData("10", 10)]
    [InlineData("2.128", 2.128)]
    [InlineData("Mon, 02 Mar 2026 01:02:05 GMT", 125)]
    [InlineData("Mon, 02 Mar 2026 03:02:05 +0200", 125)]
    public void Seconds_decimals_and_dates_are_read(string value, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(value));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("Mon, 02 Mar 2026 00:59:05 GMT")]
    public void What_says_nothing_about_the_future_counts_as_no_wait(string value)
    {
        Assert.Null(Read(value));
    }

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("Mon, 01 Jan 2035 00:59:05 GMT")]
    public void An_absurd_wait_is_cut_to_a_month(string value)
    {
        Assert.Equal(TimeSpan.FromDays(30), Read(value));
    }

    [Fact]
    public void Of_several_waits_the_longest_counts()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Read("3", "7", "5"));
    }

    [Fact]
    public async Task GT_1_no_request_passes_a_gate_before_the_wait_is_over()
    {
        var time = new HandSetTime();
        var gate = new ThrottleGate(time);
        gate.Close(TimeSpan.FromSeconds(30));
        gate.Close(TimeSpan.FromSeconds(5));

        await gate.PassAsync(DateTimeOffset.MaxValue, CancellationToken.None);

        Assert.Equal(HandSetTime.Start + TimeSpan.FromSeconds(30), time.GetUtcNow());
    }

    private static TimeSpan? Read(params string[] values)
    {
        using var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var value in values)
        {
            answer.Headers.TryAddWithoutValidation("Retry-After", value);
        }

        return RetryAfter.Of(answer, HandSetTime.Start);
    }
}
