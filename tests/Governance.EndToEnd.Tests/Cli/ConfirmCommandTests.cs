using System.Text.Json;
using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class ConfirmCommandTests
{
    [Fact]
    public async Task What_a_person_confirms_holds_from_the_next_scan_on()
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 3, night: 5));
        var before = App(await tenant.Scan(), "Slogan Lab KI");
        Assert.Equal("ai", Verdict(before));

        var confirmed = await Run.Of(
            "apps", "confirm", "Slogan Lab KI", "--data", tenant.Data, "--verdict", "notAi", "--reason", "a form with a fixed list", "--as", "Jo");
        var after = App(await tenant.Scan(), "Slogan Lab KI");

        Assert.Equal(0, confirmed.Code);
        Assert.Equal("notAi", Verdict(after));
        Assert.Contains("learnedAppId", after.GetProperty("ai").GetProperty("evidence").EnumerateArray().Select(signal => signal.GetProperty("signal").GetString()));
    }

    [Theory]
    [InlineData("No such app anywhere", "known from use")]
    [InlineData("Slogan Lab KI", " ")]
    public async Task An_unknown_app_or_no_reason_is_refused(string app, string reason)
    {
        await using var tenant = await ScannedTenant.Serve(MarketingOrganisation.Create(seed: 3, night: 5));
        await tenant.Scan();

        var run = await Run.Of("apps", "confirm", app, "--data", tenant.Data, "--verdict", "ai", "--reason", reason);

        Assert.Equal(2, run.Code);
    }

    private static JsonElement App(Run run, string name) =>
        run.Json.GetProperty("apps").EnumerateArray().Single(app => app.GetProperty("displayName").GetString() == name);

    private static string? Verdict(JsonElement app) => app.GetProperty("ai").GetProperty("verdict").GetString();
}
