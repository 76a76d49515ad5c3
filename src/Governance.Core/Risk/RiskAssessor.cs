using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;

namespace Governance.Core.Risk;

/// <summary>Scores how much harm an app could do and how likely: the sum of points from capped families.</summary>
/// <remarks>Approval plays no part. One more permission or user never lowers the score.</remarks>
public sealed class RiskAssessor(PermissionTable table, RiskWeights weights)
{
    private static readonly Lazy<RiskAssessor> Embedded = new(() => new RiskAssessor(PermissionTable.BuiltIn, RiskWeights.BuiltIn));

    /// <summary>With the table and the weights that come with the program.</summary>
    public static RiskAssessor BuiltIn => Embedded.Value;

    public PermissionTable Table { get; } = table;

    /// <param name="asOf">Moment of the judgement; UTC. Only staleness depends on it.</param>
    public RiskScore Assess(ConsentedApp app, Classification classification, GovernancePolicy policy, DateTimeOffset asOf) =>
        Assess(app, Table.Rate(app), classification, policy, asOf);

    /// <param name="rated">What the app holds, as <see cref="Table"/> rates it.</param>
    /// <inheritdoc cref="Assess(ConsentedApp, Classification, GovernancePolicy, DateTimeOffset)"/>
    public RiskScore Assess(ConsentedApp app, ImmutableArray<RatedPermission> rated, Classification classification, GovernancePolicy policy, DateTimeOffset asOf)
    {
        var contributions = ImmutableArray.CreateBuilder<RiskContribution>();
        Add(contributions, RiskFactor.Permissions, Permissions(rated));
        Add(contributions, RiskFactor.Reach, Reach(app, rated));
        Add(contributions, RiskFactor.Publisher, Publisher(app, classification));
        Add(contributions, RiskFactor.Persistence, Persistence(app));
        Add(contributions, RiskFactor.Lookalike, Lookalike(classification));
        Add(contributions, RiskFactor.Staleness, Staleness(app, policy, asOf));
        Add(contributions, RiskFactor.AbusedElsewhere, AbusedElsewhere(classification));

        var score = contributions.Sum(contribution => contribution.Points);
        var level = weights.Levels.FirstOrDefault(level => score >= level.From).Level;
        return new RiskScore(score, level, contributions.ToImmutable(), weights.Version);
    }

    /// <summary>Keeps what counts, cut at what is left of the family's cap.</summary>
    private void Add(ImmutableArray<RiskContribution>.Builder contributions, string factor, IEnumerable<(int Points, string Reason)> parts)
    {
        var left = weights.Caps[factor];
        foreach (var (points, reason) in parts)
        {
            var counted = Math.Min(points, left);
            if (counted > 0)
            {
                contributions.Add(new RiskContribution(factor, counted, reason));
                left -= counted;
            }
        }
    }

    private IEnumerable<(int Points, string Reason)> Permissions(ImmutableArray<RatedPermission> rated)
    {
        if (rated.IsEmpty)
        {
            yield break;
        }

        var strongest = rated.OrderByDescending(permission => permission.Rating.Severity)
            .ThenByDescending(permission => permission.Held.Kind)
            .ThenBy(permission => permission.Held.Value, StringComparer.Ordinal)
            .ThenBy(permission => permission.Rating.Resource, StringComparer.Ordinal)
            .First();
        yield return (weights.Strongest.GetValueOrDefault(strongest.Rating.Severity), Describe(strongest));

        var counts = rated.GroupBy(permission => permission.Rating.Severity).ToDictionary(group => group.Key, group => group.Count());
        counts[strongest.Rating.Severity]--;
        foreach (var (severity, count) in counts.OrderByDescending(entry => entry.Key).Where(entry => entry.Value > 0))
        {
            yield return (
                (int)Math.Min(100L, (long)count * weights.Further.GetValueOrDefault(severity)),
                $"{count} more of {severity.ToString().ToLowerInvariant()} severity");
        }
    }

    private static string Describe(RatedPermission permission) =>
        $"{permission.Held.Value} ({(permission.Held.Kind == PermissionKind.Application ? "application" : "delegated")}, {permission.Rating.Resource ?? "API not in the table"}): {permission.Rating.Reason}";

    private IEnumerable<(int Points, string Reason)> Reach(ConsentedApp app, ImmutableArray<RatedPermission> rated)
    {
        var strongest = rated.Select(permission => permission.Rating.Severity).DefaultIfEmpty(Severity.None).Max();
        var percent = weights.ReachPercent.GetValueOrDefault(strongest);
        var step = weights.UserSteps.LastOrDefault(step => app.Reach.Users >= step.Users);
        var users = step.Points + (app.Reach.TenantWide ? weights.TenantWide : 0);
        var asItself = rated.Any(permission => permission.Held.Kind == PermissionKind.Application && permission.Rating is { TenantWide: true, Severity: > Severity.Low })
            ? weights.WholeTenantAsItself
            : 0;
        if (asItself > users)
        {
            yield return (Share(asItself, percent), "acts on the whole tenant by itself, without a user");
        }
        else if (app.Reach.TenantWide)
        {
            yield return (Share(users, percent), $"a tenant-wide consent reaches {Count(step.Users)}");
        }
        else
        {
            yield return (Share(users, percent), $"consents of {Count(step.Users)}");
        }
    }

    /// <summary>Names the step and not the number, which in a large tenant differs every day.</summary>
    private static string Count(int users) => $"{users.ToString(CultureInfo.InvariantCulture)} or more users";

    private static int Share(int points, int percent) => points * percent / 100;

    private IEnumerable<(int Points, string Reason)> Publisher(ConsentedApp app, Classification classification)
    {
        if (!app.HoldsConsent)
        {
            yield break;
        }

        yield return classification switch
        {
            { FirstParty: true } => (weights.PublisherMicrosoft, "published by Microsoft"),
            { Ai.Internal: true } => (weights.PublisherInternal, "registered in this tenant"),
            _ when app.Principal.VerifiedPublisher is not null => (weights.PublisherVerified, "the publisher is verified"),
            _ => (weights.PublisherUnverified, "the publisher is not verified"),
        };
    }

    private IEnumerable<(int Points, string Reason)> Persistence(ConsentedApp app)
    {
        if (app.HoldsApplicationPermission)
        {
            yield return (weights.ApplicationPermission, "holds application permissions: works without any user present");
        }

        if (app.Delegated.Any(held => string.Equals(held.Value, "offline_access", StringComparison.OrdinalIgnoreCase)))
        {
            yield return (weights.OfflineAccess, "offline_access: access goes on while the user is away");
        }
    }

    private IEnumerable<(int Points, string Reason)> Lookalike(Classification classification)
    {
        if (classification.Lookalike is { } lookalike)
        {
            yield return (weights.Lookalike, $"looks like {lookalike.Imitates} but is not it ({lookalike.Technique})");
        }
    }

    /// <summary>Unknown sign-ins count for nothing.</summary>
    private IEnumerable<(int Points, string Reason)> Staleness(ConsentedApp app, GovernancePolicy policy, DateTimeOffset asOf)
    {
        if (app.HoldsConsent && app.LastSignIn is { } last && (asOf - last).TotalDays > policy.DormantAfterDays)
        {
            yield return (weights.Stale, $"no sign-in since {last.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, access kept");
        }
    }

    private IEnumerable<(int Points, string Reason)> AbusedElsewhere(Classification classification)
    {
        if (classification.AbusedElsewhere is { } report)
        {
            yield return (weights.AbusedElsewhere, $"reported as abused elsewhere: {report}");
        }
    }
}
