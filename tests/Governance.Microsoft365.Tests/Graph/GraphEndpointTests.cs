using Governance.Core.Consents;
using Governance.Microsoft365.Graph;

namespace Governance.Microsoft365.Tests.Graph;

public sealed class GraphEndpointTests
{
    [Theory]
    [InlineData("https://graph.microsoft.com", "https://graph.microsoft.com/v1.0/users")]
    [InlineData("https://graph.microsoft.com/", "https://graph.microsoft.com/v1.0/users")]
    [InlineData("https://graph.microsoft.com/v1.0/", "https://graph.microsoft.com/v1.0/users")]
    [InlineData("https://graph.microsoft.us/beta", "https://graph.microsoft.us/beta/users")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/v1.0/users")]
    [InlineData("http://[::1]:5000/tenant-a", "http://[::1]:5000/tenant-a/v1.0/users")]
    public void A_root_without_a_version_gets_one(string endpoint, string users)
    {
        Assert.Equal(users, new GraphEndpoint(new Uri(endpoint)).At("users").AbsoluteUri);
    }

    [Theory]
    [InlineData("http://graph.microsoft.com")]
    [InlineData("http://127.0.0.1.evil.example/")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("ftp://graph.microsoft.com")]
    [InlineData("file:///tmp")]
    [InlineData("https://me:secret@graph.microsoft.com")]
    [InlineData("https://graph.microsoft.com/?x=1")]
    public void An_address_that_would_leak_the_token_or_is_none_is_refused_without_showing_a_secret(string endpoint)
    {
        var problem = Assert.Throws<ArgumentException>(() => new GraphEndpoint(new Uri(endpoint)));

        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_beta_version_lies_beside_the_other()
    {
        Assert.Equal("https://graph.microsoft.com/beta/reports/x?y=1", new GraphEndpoint(new Uri("https://graph.microsoft.com")).BetaAt("reports/x?y=1").AbsoluteUri);
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var options = new GraphOptions
        {
            Endpoint = new Uri("http://graph.microsoft.com"), PageSize = 1000, Parallelism = 0, Attempts = -1, Silence = TimeSpan.Zero, TimeBudget = Timeout.InfiniteTimeSpan,
        };
        options.OptionalParts.Add(InventoryPart.Users);

        var problems = options.Problems();

        Assert.Equal(["Endpoint", "PageSize", "Parallelism", "Attempts", "Silence", "TimeBudget", "OptionalParts"], problems.Select(problem => problem.Split(':')[0]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a b")]
    [InlineData("a\r\nX: y")]
    public void A_token_that_no_header_may_hold_is_refused(string token)
    {
        Assert.Throws<ArgumentException>(() => new FixedToken(token));
    }

    [Fact]
    public void A_missing_variable_is_named()
    {
        var problem = Assert.Throws<ArgumentException>(() => FixedToken.FromEnvironment("GOVERNANCE_TEST_NO_SUCH_VARIABLE"));

        Assert.Contains("GOVERNANCE_TEST_NO_SUCH_VARIABLE", problem.Message, StringComparison.Ordinal);
    }
}
