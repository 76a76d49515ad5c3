using System.Collections.Immutable;

namespace Governance.Core.Risk;

/// <summary>Families of a risk score, as contributions name them.</summary>
public static class RiskFactor
{
    public const string Permissions = "permissions";
    public const string Reach = "reach";
    public const string Publisher = "publisher";
    public const string Persistence = "persistence";
    public const string Lookalike = "lookalike";
    public const string Staleness = "staleness";
    public const string AbusedElsewhere = "abusedElsewhere";

    /// <summary>In the order in which contributions are listed.</summary>
    public static readonly ImmutableArray<string> All = [Permissions, Reach, Publisher, Persistence, Lookalike, Staleness, AbusedElsewhere];
}
