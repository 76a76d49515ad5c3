using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.PolicyFile;

namespace Governance.Core.Tests.Policy;

public class DigestSettingReaderTests
{
    private const string Head = "version: 1\napproved: []\n";

    [Fact]
    public void A_channel_has_defaults_for_all_but_its_name_and_address()
    {
        var setting = Assert.Single(Good("digests: [{name: leads, urlEnv: TEAMS_URL}]").Digests);

        Assert.Equal(
            new DigestSetting("leads", "executive", "en", ReportingPeriod.Week, new TimeOnly(7, 0), "UTC", null, "TEAMS_URL", "sas", "public", "1.5", setting.AllowedHosts, null, false),
            setting);
        Assert.Empty(setting.AllowedHosts);
    }

    [Fact]
    public void Every_key_arrives()
    {
        var setting = Assert.Single(Good("""
            digests:
              - name: Équipe 市场部
                audience: security
                language: zh-Hans
                period: quarter
                at: 16:45
                zone: America/Argentina/Buenos_Aires
                url: https://flows.corp.example/x?api-version=1
                auth: entra
                cloud: gccHigh
                cardVersion: 1.4
                allowedHosts: [flows.corp.example, .logic.azure.us]
                reportUrl: https://intranet.example/ai
                alerts: true
            """).Digests);

        Assert.Equal(("Équipe 市场部", "security", "zh-Hans", ReportingPeriod.Quarter), (setting.Name, setting.Audience, setting.Language, setting.Period));
        Assert.Equal((new TimeOnly(16, 45), "America/Argentina/Buenos_Aires", "entra", "gccHigh", "1.4", true), (setting.At, setting.Zone, setting.Auth, setting.Cloud, setting.CardVersion, setting.Alerts));
        Assert.Equal("https://flows.corp.example/x?api-version=1", setting.Url);
        Assert.Equal(["flows.corp.example", ".logic.azure.us"], setting.AllowedHosts.AsEnumerable());
        Assert.Equal("https://intranet.example/ai", setting.ReportUrl!.AbsoluteUri);
    }

    [Theory]
    [InlineData("digests: yes", "must be a list")]
    [InlineData("digests: [leads]", "group of keys")]
    [InlineData("digests: [{urlEnv: A}]", "no 'name'")]
    [InlineData("digests: [{name: leads}]", "needs either")]
    [InlineData("digests: [{name: leads, urlEnv: A, url: 'https://x.example'}]", "needs either")]
    [InlineData("digests: [{name: leads, url: 'https://x.logic.azure.com/w?SIG=canary'}]", "is a password")]
    [InlineData("digests: [{name: leads, urlEnv: 'https://x.logic.azure.com/canary'}]", "name of an environment variable")]
    [InlineData("digests: [{name: leads, urlEnv: A, audience: everyone}]", "executive or security")]
    [InlineData("digests: [{name: leads, urlEnv: A, language: es}]", "zh-Hans")]
    [InlineData("digests: [{name: leads, urlEnv: A, period: hour}]", "quarter")]
    [InlineData("digests: [{name: leads, urlEnv: A, at: 25:00}]", "time of day")]
    [InlineData("digests: [{name: leads, urlEnv: A, zone: ../../etc/passwd}]", "Europe/Berlin")]
    [InlineData("digests: [{name: leads, urlEnv: A, cardVersion: 1.6}]", "1.5 or 1.4")]
    [InlineData("digests: [{name: leads, urlEnv: A, auth: basic}]", "sas or entra")]
    [InlineData("digests: [{name: leads, urlEnv: A, cloud: moon}]", "china")]
    [InlineData("digests: [{name: leads, urlEnv: A, reportUrl: 'http://x.example'}]", "https")]
    [InlineData("digests: [{name: leads, urlEnv: A, reportUrl: 'javascript:canary'}]", "https")]
    [InlineData("digests: [{name: leads, urlEnv: A, alerts: 1}]", "true or false")]
    [InlineData("digests: [{name: leads, urlEnv: A, ulr: x}]", "unknown key 'ulr'")]
    [InlineData("digests: [{name: leads, urlEnv: A}, {name: LEADS, urlEnv: B}]", "two digests")]
    [InlineData("digests: [{name: '[x](y)', urlEnv: A}]", "letters, digits")]
    public void A_mistake_is_named_with_its_place_and_without_a_secret(string text, string says)
    {
        var problems = Bad(text);

        Assert.Contains(problems, problem => problem.Line >= 3 && problem.Column > 0 && problem.Message.Contains(says, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.Message.Contains("canary", StringComparison.Ordinal) && says == "is a password");
    }

    [Fact]
    public void The_languages_are_those_that_digests_can_be_written_in() =>
        Assert.Equal(Language.Tags.AsEnumerable(), DigestSettingReader.Languages.AsEnumerable());

    [Fact]
    public void Channels_do_not_change_the_version_of_the_policy_but_a_scenario_does()
    {
        var plain = Good("dormantAfterDays: 90").Version;

        Assert.Equal(plain, Good("digests: [{name: leads, urlEnv: TEAMS_URL}]").Version);
        Assert.NotEqual(plain, Good(CostScenarioReaderTests.Scenario).Version);
        Assert.NotEqual(Good(CostScenarioReaderTests.Scenario).Version, Good(CostScenarioReaderTests.Scenario.Replace("2025", "2024", StringComparison.Ordinal)).Version);
    }

    [Fact]
    public void The_schema_knows_exactly_the_keys_and_choices_of_the_reader()
    {
        using var schema = JsonDocument.Parse(PolicyYaml.Schema);
        var definitions = schema.RootElement.GetProperty("$defs");
        var digest = definitions.GetProperty("digest").GetProperty("properties");

        Assert.Equal(DigestSettingReader.Keys.Order(StringComparer.Ordinal), Names(digest));
        Assert.Equal(CostScenarioReader.Keys.Order(StringComparer.Ordinal), Names(definitions.GetProperty("costScenario").GetProperty("properties")));
        Assert.Equal(CostScenarioReader.FigureKeys.Order(StringComparer.Ordinal), Names(definitions.GetProperty("sourcedFigure").GetProperty("properties")));
        Assert.Equal(DigestSettingReader.Languages.AsEnumerable(), Choices(digest, "language"));
        Assert.Equal(DigestSettingReader.Periods.AsEnumerable(), Choices(digest, "period"));
        Assert.Equal(DigestSettingReader.Clouds.AsEnumerable(), Choices(digest, "cloud"));
        Assert.Equal(DigestSettingReader.Auths.AsEnumerable(), Choices(digest, "auth"));
        Assert.Equal(DigestSettingReader.Audiences.AsEnumerable(), Choices(digest, "audience"));
    }

    internal static GovernancePolicy Good(string text)
    {
        var parsed = PolicyYaml.Read(Head + text, _ => true);
        Assert.True(parsed is Parsed<GovernancePolicy>.Good, parsed is Parsed<GovernancePolicy>.Bad bad ? bad.Problems[0].ToString() : null);
        return ((Parsed<GovernancePolicy>.Good)parsed).Value;
    }

    internal static ImmutableArray<Problem> Bad(string text) => Assert.IsType<Parsed<GovernancePolicy>.Bad>(PolicyYaml.Read(Head + text, _ => true)).Problems;

    private static IEnumerable<string> Names(JsonElement properties) => properties.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string?> Choices(JsonElement properties, string key) => properties.GetProperty(key).GetProperty("enum").EnumerateArray().Select(choice => choice.GetString());
}
