using System.Collections.Immutable;
using System.Text.Json;

namespace Governance.Core.Risk;

/// <summary>Points and caps of the risk score, read from data in the form of <c>weights.json</c>.</summary>
/// <param name="Levels">Lowest score of each level, highest level first.</param>
/// <param name="UserSteps">Points by distinct users: a step holds from its number of users on; rising.</param>
public sealed record RiskWeights(
    string Version,
    ImmutableArray<(int From, Severity Level)> Levels,
    ImmutableSortedDictionary<string, int> Caps,
    ImmutableSortedDictionary<Severity, int> Strongest,
    ImmutableSortedDictionary<Severity, int> Further,
    ImmutableArray<(int Users, int Points)> UserSteps,
    int TenantWide,
    int WholeTenantAsItself,
    ImmutableSortedDictionary<Severity, int> ReachPercent,
    int PublisherMicrosoft,
    int PublisherInternal,
    int PublisherVerified,
    int PublisherUnverified,
    int OfflineAccess,
    int ApplicationPermission,
    int Lookalike,
    int Stale,
    int AbusedElsewhere)
{
    private static readonly Lazy<RiskWeights> Embedded = new(ReadEmbedded);

    /// <summary>The weights that come with the program.</summary>
    public static RiskWeights BuiltIn => Embedded.Value;

    /// <exception cref="FormatException">The weights would make a score leave 0 to 100 or fall when an app grows.</exception>
    public static RiskWeights Read(JsonElement root)
    {
        var permissions = root.GetProperty("permissions");
        var reach = root.GetProperty("reach");
        var publisher = root.GetProperty("publisher");
        var persistence = root.GetProperty("persistence");
        var weights = new RiskWeights(
            root.GetProperty("version").GetString()!,
            [.. BySeverity(root.GetProperty("levels")).Select(level => (level.Value, level.Key)).OrderByDescending(level => level.Value)],
            RiskFactor.All.ToImmutableSortedDictionary(factor => factor, factor => root.GetProperty(factor).GetProperty("cap").GetInt32(), StringComparer.Ordinal),
            BySeverity(permissions.GetProperty("strongest")),
            BySeverity(permissions.GetProperty("further")),
            [.. reach.GetProperty("users").EnumerateArray().Select(step => (step[0].GetInt32(), step[1].GetInt32()))],
            reach.GetProperty("tenantWide").GetInt32(),
            reach.GetProperty("wholeTenantAsItself").GetInt32(),
            BySeverity(reach.GetProperty("percentByStrongest")),
            publisher.GetProperty("microsoft").GetInt32(),
            publisher.GetProperty("internal").GetInt32(),
            publisher.GetProperty("verified").GetInt32(),
            publisher.GetProperty("unverified").GetInt32(),
            persistence.GetProperty("offlineAccess").GetInt32(),
            persistence.GetProperty("application").GetInt32(),
            root.GetProperty(RiskFactor.Lookalike).GetProperty("points").GetInt32(),
            root.GetProperty(RiskFactor.Staleness).GetProperty("points").GetInt32(),
            root.GetProperty(RiskFactor.AbusedElsewhere).GetProperty("points").GetInt32());
        weights.Check();
        return weights;
    }

    private void Check()
    {
        Need(Caps.Values.All(cap => cap >= 0) && Caps.Values.Sum() <= 100, "the caps add up to more than 100");
        foreach (var bySeverity in new[] { Strongest, Further, ReachPercent })
        {
            var points = Enum.GetValues<Severity>().Select(severity => bySeverity.GetValueOrDefault(severity)).ToArray();
            Need(points.SequenceEqual(points.Order()) && points[0] >= 0, "points must not fall as severity rises");
        }

        Need(Enum.GetValues<Severity>().All(severity => Further.GetValueOrDefault(severity) <= Strongest.GetValueOrDefault(severity)), "a further permission weighs more than the strongest");
        Need(ReachPercent.Values.All(percent => percent <= 100), "a percentage is above 100");
        Need(UserSteps.SequenceEqual(UserSteps.Order()) && UserSteps.Select(step => step.Points).SequenceEqual(UserSteps.Select(step => step.Points).Order()), "the steps of users must rise");
        Need(new[] { TenantWide, WholeTenantAsItself, PublisherMicrosoft, PublisherInternal, PublisherVerified, PublisherUnverified, OfflineAccess, ApplicationPermission, Lookalike, Stale, AbusedElsewhere }.Min() >= 0, "points must not be below 0");
        Need(Levels.Select(level => level.Level).SequenceEqual(Levels.Select(level => level.Level).OrderDescending()), "the levels must rise with the score");
    }

    private static void Need(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException($"risk weights: {otherwise}");
        }
    }

    private static ImmutableSortedDictionary<Severity, int> BySeverity(JsonElement map) => map.EnumerateObject()
        .ToImmutableSortedDictionary(
            entry => Enum.TryParse<Severity>(entry.Name, ignoreCase: true, out var severity) ? severity : throw new FormatException($"'{entry.Name}' is not a severity"),
            entry => entry.Value.GetInt32());

    private static RiskWeights ReadEmbedded()
    {
        using var stream = typeof(RiskWeights).Assembly.GetManifestResourceStream("Governance.Core.Risk.weights.json")
            ?? throw new InvalidOperationException("weights.json is not part of the assembly");
        using var document = JsonDocument.Parse(stream);
        return Read(document.RootElement);
    }
}
