using System.Net;
using Governance.Microsoft365.Teams;

namespace Governance.Microsoft365.Tests.Teams;

public sealed class WorkflowEndpointTests
{
    private const string Good = "https://default0123456789abcdef.07.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0123/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=canary%2b_x";

    [Theory]
    [InlineData(Good)]
    [InlineData("https://prod-12.westeurope.logic.azure.com:443/workflows/0123/triggers/manual/paths/invoke?api-version=2016-10-01&sig=canary")]
    public void A_current_address_is_taken_and_shown_without_its_secret(string address)
    {
        var endpoint = WorkflowEndpoint.Parse(address, []);

        Assert.True(endpoint.HasSignature);
        Assert.DoesNotContain("canary", endpoint.Shown + endpoint, StringComparison.Ordinal);
        Assert.EndsWith(address[address.IndexOf('?', StringComparison.Ordinal)..], endpoint.Address.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://contoso.webhook.office.com/webhookb2/canary")]
    [InlineData("https://outlook.office.com/webhook/canary")]
    [InlineData("https://outlook.office365.com/webhook/canary")]
    public void A_retired_address_is_refused_with_what_to_do_instead(string address)
    {
        var refusal = Assert.Throws<ArgumentException>(() => WorkflowEndpoint.Parse(address, [".office.com", "outlook.office365.com"]));

        Assert.Contains("Workflows", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://x.environment.api.powerplatform.com/?sig=canary")]
    [InlineData("https://evil.example/?sig=canary")]
    [InlineData("https://environment.api.powerplatform.com.evil.example/?sig=canary")]
    [InlineData("https://evilenvironment.api.powerplatform.com/?sig=canary")]
    [InlineData("https://.logic.azure.com/?sig=canary")]
    [InlineData("https://x.logic.azure.com@evil.example/?sig=canary")]
    [InlineData("https://user:canary@x.logic.azure.com/?sig=canary")]
    [InlineData("https://x.logic.azure.com/#canary")]
    [InlineData("https://127.0.0.1/?sig=canary")]
    [InlineData("https://[::1]/?sig=canary")]
    [InlineData("https://2130706433/?sig=canary")]
    [InlineData("https://0x7f.1/?sig=canary")]
    [InlineData("https://169.254.169.254/metadata?sig=canary")]
    [InlineData("https://localhost/?sig=canary")]
    [InlineData("file:///etc/passwd?canary")]
    [InlineData("javascript:canary")]
    [InlineData("canary")]
    [InlineData("")]
    [InlineData("https://x.logic.azure.com/a b?sig=canary")]
    [InlineData("https://x.logic.azure.com/\r\nHost: canary")]
    public void Anything_else_is_refused_without_repeating_it(string address)
    {
        var refusal = Assert.Throws<ArgumentException>(() => WorkflowEndpoint.Parse(address, []));

        Assert.DoesNotContain("canary", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_of_other_clouds_can_be_allowed_by_name_or_suffix()
    {
        Assert.Equal("https://x.logic.azure.us/…", WorkflowEndpoint.Parse("https://x.logic.azure.us/w?sig=a", [".logic.azure.us"]).Shown);
        Assert.Equal("https://flows.corp.example/…", WorkflowEndpoint.Parse("https://flows.corp.example/w?sig=a", ["flows.corp.example"]).Shown);
    }

    [Theory]
    [InlineData("https://x.logic.azure.com/w?api-version=1", WorkflowAuth.Sas, "sig=")]
    [InlineData("https://x.logic.azure.com/w?sig=", WorkflowAuth.Sas, "sig=")]
    [InlineData("https://x.logic.azure.com/w?sig=canary", WorkflowAuth.Entra, "auth: sas")]
    public void Signature_and_token_are_never_mixed_up(string address, WorkflowAuth auth, string says)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new WorkflowChannel(
            new HttpClient(), WorkflowEndpoint.Parse(address, []), new WorkflowOptions { Auth = auth }, null, new PostPace(TimeProvider.System), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<WorkflowChannel>.Instance));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20.42.65.92", true)]
    [InlineData("2603:1030:20e:3::23c", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.8.8.8", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:20.42.65.92", true)]
    [InlineData("64:ff9b::a00:1", false)]
    public void Private_addresses_are_told_apart(string address, bool isPublic)
    {
        Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_connected()
    {
        using var client = WorkflowTransport.Client(proxy: false);

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("https://localhost:1/")));

        Assert.Contains("no public address", refusal.Message, StringComparison.Ordinal);
    }
}
