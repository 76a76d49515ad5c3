using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Risk;

namespace Governance.Core.Findings.Rules;

/// <summary>Facts that several rules ask for, put the same way in each.</summary>
internal static class RuleFacts
{
    /// <summary>Permissions named in one piece of evidence; the rest is counted.</summary>
    private const int Named = 12;

    public static readonly ImmutableArray<InventoryPart> Consents =
        [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public static readonly Verdict NoConsent = new Verdict.Pass("consent no longer present");

    public static readonly Verdict NotAi = new Verdict.Pass("not judged an AI tool any more");

    /// <summary>Why a rule about AI in use has nothing to ask; null when it has.</summary>
    public static Verdict? NoAiInUse(AssessedApp app) =>
        app.AiInUse ? null : app.App.HoldsConsent ? NotAi : NoConsent;

    /// <summary>Why a rule that asks for approval cannot tell; null when it can.</summary>
    public static Verdict? NotAssessed(AssessedApp app) => app.Standing.NotAssessed is { } fact ? new Verdict.NotAssessed(fact) : null;

    public static bool Approved(AssessedApp app) => app.Standing.State == GovernanceState.Approved;

    /// <summary>Something points to AI, though not enough to say so.</summary>
    public static bool AiSigns(AssessedApp app) =>
        app.Classification.Ai.Verdict is not AiVerdict.NotAi && app.Classification.Ai.Evidence.Any(signal => signal.Weight > 0);

    public static Severity Highest(IEnumerable<RatedPermission> permissions) =>
        permissions.Select(permission => permission.Rating.Severity).DefaultIfEmpty(Severity.None).Max();

    public static Severity AtLeast(Severity floor, Severity severity) => severity > floor ? severity : floor;

    public static EvidenceItem Users(AssessedApp app) => new("users", app.App.Reach.Users.ToString(CultureInfo.InvariantCulture));

    public static EvidenceItem Standing(AssessedApp app) => new("standing", app.Standing.Reason);

    public static EvidenceItem Publisher(AssessedApp app) => new("publisher", app.App.Principal.VerifiedPublisher?.Name ?? "not verified");

    /// <summary>The most severe permissions first.</summary>
    public static EvidenceItem Permissions(string name, IEnumerable<RatedPermission> permissions)
    {
        var values = permissions
            .OrderByDescending(permission => permission.Rating.Severity)
            .ThenBy(permission => permission.Held.Value, StringComparer.Ordinal)
            .ThenBy(permission => permission.Held.Kind)
            .Select(permission => permission.Held.Value)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToArray();
        var text = string.Join(' ', values.Take(Named));
        return new EvidenceItem(name, values.Length > Named ? string.Create(CultureInfo.InvariantCulture, $"{text} and {values.Length - Named} more") : text);
    }

    public static EvidenceItem Day(string name, DateTimeOffset? at) =>
        new(name, at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "unknown");

    public static EvidenceItem Number(string name, int number) => new(name, number.ToString(CultureInfo.InvariantCulture));
}
