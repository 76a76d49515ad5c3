using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Risk;

public class RiskAssessorTests
{
    private static readonly string[] Scopes =
        ["openid", "profile", "offline_access", "User.Read", "Mail.Read", "Mail.Send", "Files.Read.All", "Calendars.Read", "Made.Up.Scope", "Directory.AccessAsUser.All"];

    private static readonly string[] Roles = ["Sites.Selected", "User.Read.All", "Mail.Read", "Directory.ReadWrite.All", "Made.Up.Role"];

    [Fact]
    public void A_sign_in_only_app_of_a_verified_publisher_is_next_to_harmless()
    {
        var score = Assess(Some.App(permissions: [Some.Scope("openid"), Some.Scope("profile")]));

        Assert.True(score is { Score: 1, Level: Severity.Low }, score.ToString());
    }

    [Fact]
    public void Mail_of_everyone_held_as_itself_by_an_unverified_publisher_is_critical()
    {
        var app = Some.App(Some.Principal(verified: false), [Some.Role("Mail.ReadWrite")], Some.Reach(0));

        var score = Assess(app);

        Assert.Equal(Severity.Critical, score.Level);
        Assert.Equal([RiskFactor.Permissions, RiskFactor.Reach, RiskFactor.Publisher, RiskFactor.Persistence], score.Contributions.Select(part => part.Factor));
        Assert.StartsWith("Mail.ReadWrite (application, Microsoft Graph): ", score.Contributions[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_holds_nothing_has_no_risk()
    {
        var score = Assess(Some.App(Some.Principal(verified: false), [], Some.Reach(0)));

        Assert.True(score is { Score: 0, Level: Severity.None, Contributions.IsEmpty: true });
    }

    [Fact]
    public void Publishers_are_told_apart()
    {
        var app = Some.App(Some.Principal(verified: false));

        Assert.Equal("the publisher is not verified", Reason(Assess(app), RiskFactor.Publisher));
        Assert.Equal("the publisher is verified", Reason(Assess(Some.App()), RiskFactor.Publisher));
        Assert.Equal("registered in this tenant", Reason(Assess(app, Some.Classification(Some.Ai(isInternal: true))), RiskFactor.Publisher));
        Assert.Null(Reason(Assess(app, Some.Classification(firstParty: true)), RiskFactor.Publisher));
    }

    [Fact]
    public void Unknown_sign_ins_count_for_nothing_and_a_known_old_one_is_dated()
    {
        var stale = Assess(Some.App(lastSignIn: Some.Moment.AddDays(-200)));

        Assert.Equal("no sign-in since 2025-09-13, access kept", Reason(stale, RiskFactor.Staleness));
        Assert.Null(Reason(Assess(Some.App(signInsKnown: false)), RiskFactor.Staleness));
        Assert.Null(Reason(Assess(Some.App()), RiskFactor.Staleness));
        Assert.Null(Reason(Assess(Some.App(lastSignIn: Some.Moment.AddDays(-90))), RiskFactor.Staleness));
    }

    [Fact]
    public void Nothing_changes_from_one_day_to_the_next_or_with_one_user_more_in_a_large_tenant()
    {
        var app = Some.App(lastSignIn: Some.Moment.AddDays(-200), reach: Some.Reach(4_000, true));
        var grown = app with { Reach = Some.Reach(4_001, true) };

        var today = RiskAssessor.BuiltIn.Assess(app, Some.Classification(), Some.Policy(), Some.Moment);
        var tomorrow = RiskAssessor.BuiltIn.Assess(grown, Some.Classification(), Some.Policy(), Some.Moment.AddDays(1));

        Assert.Equal(today.Contributions.AsEnumerable(), tomorrow.Contributions.AsEnumerable());
    }

    [Fact]
    public void Names_given_by_the_app_or_the_tenant_stay_out_of_reasons()
    {
        var evil = "<script>EVIL";
        var held = Some.Scope("Mail.Read") with { Resource = evil };
        var app = Some.App(Some.Principal(name: evil, verified: false), [held], Some.Reach(3, false, (evil, 3)));

        var score = Assess(app, Some.Classification(Some.Ai(), Some.Lookalike(), abusedElsewhere: "a report"));

        Assert.All(score.Contributions, part => Assert.DoesNotContain("EVIL", part.Reason, StringComparison.Ordinal));
        Assert.Equal(7 - 2, score.Contributions.Select(part => part.Factor).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_score_is_the_sum_of_its_parts_stays_in_bounds_and_never_falls_when_an_app_grows(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var app = RandomApp(random);
            var classification = Some.Classification(
                Some.Ai(isInternal: random.Next(4) == 0),
                random.Next(3) == 0 ? Some.Lookalike() : null,
                random.Next(6) == 0,
                random.Next(4) == 0 ? "a report" : null);

            var score = Assess(app, classification);

            Assert.Equal(score.Score, score.Contributions.Sum(part => part.Points));
            Assert.InRange(score.Score, 0, 100);
            Assert.All(score.Contributions, part => Assert.True(part.Points > 0));
            Assert.All(score.Contributions.GroupBy(part => part.Factor), family => Assert.True(family.Sum(part => part.Points) <= RiskWeights.BuiltIn.Caps[family.Key]));
            Assert.Equal(score.Score, Assess(app with { Permissions = [.. app.Permissions.Reverse()] }, classification).Score);
            foreach (var grown in Grown(app, random))
            {
                Assert.True(Assess(grown, classification).Score >= score.Score, $"{score.Score} fell for {string.Join(' ', grown.Permissions.Select(held => held.Value))}");
            }
        }
    }

    [Theory]
    [InlineData("permissions", "cap", 60)]
    [InlineData("reach", "tenantWide", -1)]
    public void Weights_that_would_break_the_score_are_refused(string family, string entry, int value)
    {
        using var stream = typeof(RiskWeights).Assembly.GetManifestResourceStream("Governance.Core.Risk.weights.json")!;
        var json = JsonNode.Parse(stream)!;
        json[family]![entry] = value;
        using var changed = JsonDocument.Parse(json.ToJsonString());

        Assert.Throws<FormatException>(() => RiskWeights.Read(changed.RootElement));
    }

    [Fact]
    public void Weights_that_fall_as_severity_rises_are_refused()
    {
        using var stream = typeof(RiskWeights).Assembly.GetManifestResourceStream("Governance.Core.Risk.weights.json")!;
        var json = JsonNode.Parse(stream)!;
        json["permissions"]!["strongest"]!["high"] = 50;
        using var changed = JsonDocument.Parse(json.ToJsonString());

        Assert.Throws<FormatException>(() => RiskWeights.Read(changed.RootElement));
    }

    private static IEnumerable<ConsentedApp> Grown(ConsentedApp app, Random random)
    {
        yield return app with { Reach = app.Reach with { Users = app.Reach.Users + 1 } };
        yield return app with { Reach = app.Reach with { TenantWide = true, Users = app.Reach.Users + random.Next(5_000) } };
        foreach (var scope in Scopes)
        {
            yield return app with { Permissions = app.Permissions.Add(Some.Scope(scope)), Grants = app.Grants + 1 };
        }

        foreach (var role in Roles)
        {
            yield return app with { Permissions = app.Permissions.Add(Some.Role(role)), AppRoles = app.AppRoles + 1 };
        }
    }

    private static ConsentedApp RandomApp(Random random)
    {
        var held = Scopes.Where(_ => random.Next(3) == 0).Select(scope => Some.Scope(scope))
            .Concat(Roles.Where(_ => random.Next(6) == 0).Select(role => Some.Role(role)));
        return Some.App(
            Some.Principal(verified: random.Next(2) == 0),
            held,
            Some.Reach(random.Next(2) == 0 ? random.Next(6) : random.Next(10_000), random.Next(3) == 0),
            random.Next(3) == 0 ? Some.Moment.AddDays(-random.Next(400)) : null);
    }

    private static RiskScore Assess(ConsentedApp app, Classification? classification = null) =>
        RiskAssessor.BuiltIn.Assess(app, classification ?? Some.Classification(), Some.Policy(), Some.Moment);

    private static string? Reason(RiskScore score, string factor) =>
        score.Contributions.FirstOrDefault(part => part.Factor == factor)?.Reason;
}
