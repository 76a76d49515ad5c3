using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Governance.Core.Consents;

namespace Governance.Microsoft365.Rows;

/// <summary>Graph <c>directoryAudit</c>, as far as it tells of consents.</summary>
/// <remarks>
/// What changed is read from the values before and after, never from the activity's name: the entry called "Remove delegated
/// permission grant" has been seen to report growth. Observed, sparsely documented.
/// </remarks>
internal static partial class ConsentEventRow
{
    private const string Consent = "Consent to application";

    private static readonly HashSet<string> Activities = new(StringComparer.OrdinalIgnoreCase)
    {
        Consent,
        "Add delegated permission grant",
        "Remove delegated permission grant",
        "Add app role assignment to service principal",
        "Remove app role assignment from service principal",
        "Revoke consent",
    };

    /// <returns>Null for an entry that is not about consents or that reports a failed attempt.</returns>
    public static ConsentEvent? Read(JsonElement row, ref string? fault)
    {
        if (Member.Text(row, "activityDisplayName") is not { } activity)
        {
            fault = "activityDisplayName is missing";
            return null;
        }

        if (!Activities.Contains(activity)
            || string.Equals(Member.Text(row, "result"), "failure", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (Member.Text(row, "id") is not { Length: > 0 } id || Member.Time(row, "activityDateTime") is not { } at)
        {
            fault = "id or activityDateTime is missing";
            return null;
        }

        var targets = Member.List(row, "targetResources").ToArray();
        var properties = targets.SelectMany(target => Member.List(target, "modifiedProperties")).ToArray();
        var (before, after) = ScopesOf(activity, properties);
        return new ConsentEvent(
            id,
            at,
            activity,
            Member.Id(row, "correlationId"),
            ClientOf(activity, targets, properties),
            ActorOf(Member.Object(row, "initiatedBy")),
            FlagOf(properties, "ConsentContext.IsAdminConsent"),
            FlagOf(properties, "ConsentContext.OnBehalfOfAll") ?? TenantWide(Decoded(properties, "DelegatedPermissionGrant.ConsentType", "newValue")),
            Without(after, before),
            Without(before, after));
    }

    private static Guid? ClientOf(string activity, JsonElement[] targets, JsonElement[] properties)
    {
        if (activity.Equals(Consent, StringComparison.OrdinalIgnoreCase))
        {
            return targets.Length > 0 ? Member.Id(targets[0], "id") : null;
        }

        var named = Decoded(properties, "ServicePrincipal.ObjectID", "newValue") ?? Decoded(properties, "ServicePrincipal.ObjectID", "oldValue");
        return Guid.TryParse(named, out var client) ? client : targets.Length > 1 ? Member.Id(targets[1], "id") : null;
    }

    private static Guid? ActorOf(JsonElement initiatedBy) =>
        Member.Id(Member.Object(initiatedBy, "user"), "id") ?? Member.Id(Member.Object(initiatedBy, "app"), "servicePrincipalId");

    private static (HashSet<string> Before, HashSet<string> After) ScopesOf(string activity, JsonElement[] properties)
    {
        if (activity.Equals(Consent, StringComparison.OrdinalIgnoreCase))
        {
            var text = Decoded(properties, "ConsentAction.Permissions", "newValue") ?? string.Empty;
            var arrow = text.IndexOf("=>", StringComparison.Ordinal);
            return (ScopesIn(arrow < 0 ? string.Empty : text[..arrow]), ScopesIn(arrow < 0 ? text : text[arrow..]));
        }

        var property = activity.Contains("app role", StringComparison.OrdinalIgnoreCase) ? "AppRole.Value" : "DelegatedPermissionGrant.Scope";
        return (Values(Decoded(properties, property, "oldValue")), Values(Decoded(properties, property, "newValue")));
    }

    /// <summary>Scopes of a text such as <c>[] => [[Id: …, Scope:  User.Read openid, CreatedDateTime: …]]</c>, which is not JSON.</summary>
    private static HashSet<string> ScopesIn(string text) =>
        [.. ScopeClause().Matches(text).SelectMany(match => ScopeText.Values(match.Groups[1].Value)).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static HashSet<string> Values(string? scopes) => [.. ScopeText.Values(scopes ?? string.Empty)];

    private static ImmutableArray<string> Without(HashSet<string> scopes, HashSet<string> others) =>
        [.. scopes.Where(scope => !others.Contains(scope, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];

    private static bool? FlagOf(JsonElement[] properties, string name) => bool.TryParse(Decoded(properties, name, "newValue"), out var flag) ? flag : null;

    private static bool? TenantWide(string? consentType) => consentType switch
    {
        null => null,
        _ => consentType.Equals("AllPrincipals", StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Values are texts that hold JSON once more: a text, or a list with one text.</summary>
    private static string? Decoded(JsonElement[] properties, string name, string side)
    {
        foreach (var property in properties)
        {
            if (Member.Text(property, "displayName") != name || Member.Text(property, side) is not { } raw)
            {
                continue;
            }

            try
            {
                using var inner = JsonDocument.Parse(raw);
                var value = inner.RootElement;
                value = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0] : value;
                return value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
            }
            catch (JsonException)
            {
                return raw.Trim();
            }
        }

        return null;
    }

    [GeneratedRegex(@"\bScope:\s*([^,\]]*)", RegexOptions.CultureInvariant)]
    private static partial Regex ScopeClause();
}
