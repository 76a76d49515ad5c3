using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Governance.Core.Policy;

/// <summary>Makes the version of a policy from its meaning: order, case where it does not count, and comments play no part.</summary>
internal static class PolicyVersion
{
    private const int Digits = 12;

    /// <returns>The first 12 hexadecimal digits, in lower case, of a SHA-256 digest.</returns>
    public static string Of(GovernancePolicy policy)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            Texts(json, policy.DepartmentsOfInterest.Select(department => Join([department.Name, .. Sorted(department.Aliases)])));
            Texts(json, policy.Approved.Select(Approval));
            Texts(json, policy.Denied.Select(denial => Join([.. Tool(denial.Tool), denial.Reason])));
            Texts(json, policy.UnderReview.Select(review => Join([.. Tool(review.Tool), Day(review.DueOn)])));
            Texts(json, policy.KpiTargets.Select(target => Join([target.Key, target.Value.ToString("0.############################", CultureInfo.InvariantCulture)])));
            Texts(json, [Join([policy.DormantAfterDays.ToString(CultureInfo.InvariantCulture), policy.SmallestGroupShown.ToString(CultureInfo.InvariantCulture), policy.TrainingGroupId?.ToString()])]);
            if (Rules(policy.SignOffRoles, policy.ReviewPeriods, policy.Revocation, policy.Retention) is var rules
                && rules != Rules(GovernancePolicy.DefaultSignOffRoles, ReviewPeriods.Default, RevocationLimits.Default, RetentionPeriods.Default))
            {
                // Only where they are set, so that a file that does not mention them keeps its version.
                Texts(json, [rules]);
            }

            if (policy.CostScenario is { } scenario)
            {
                Texts(json, [Scenario(scenario)]);
            }

            json.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()))[..Digits];
    }

    private static string Rules(ImmutableArray<string> roles, ReviewPeriods periods, RevocationLimits limits, RetentionPeriods retention) => Join(
    [
        Join(roles.Order(StringComparer.Ordinal)),
        Numbers(periods.RequestDays, periods.ReviewDays, periods.ApprovalDays),
        Numbers(limits.Approvers, limits.MostItems, limits.MostUsers, limits.ValidDays),
        Join(limits.ProtectedApps.Order().Select(id => id.ToString())),
        Numbers(retention.InventoryDays, retention.ResolvedFindingDays, retention.KpiDays, retention.DecisionTextDays),
    ]);

    private static string Numbers(params int?[] numbers) => Join(numbers.Select(number => number?.ToString(CultureInfo.InvariantCulture)));

    private static string Approval(ToolApproval approval) => Join(
    [
        .. Tool(approval.Tool),
        approval.Permissions is { } permissions ? Join(Sorted(permissions)) : null,
        approval.Departments is { } departments ? Join(Sorted(departments)) : null,
        approval.TenantWide ? "tenantWide" : null,
        Day(approval.ApprovedOn),
        Day(approval.ReviewBy),
        Day(approval.ExpiresOn),
        approval.Owner,
        approval.Conditions,
        .. approval.DataCategories is { } categories ? [Join(Sorted(categories))] : Array.Empty<string>(),
    ]);

    private static string Scenario(CostScenarioSetting scenario) => Join(
    [
        "costScenario",
        scenario.Currency,
        .. new[] { scenario.MuchShadowAi, scenario.LittleShadowAi, scenario.CustomerPiiShare, scenario.SavedByPolicy, scenario.SavedByTooling }.Select(figure => Join(
        [
            figure.Amount.ToString("0.############################", CultureInfo.InvariantCulture), figure.Source, figure.Year.ToString(CultureInfo.InvariantCulture),
        ])),
    ]);

    private static IEnumerable<string?> Tool(ToolReference tool) => [tool.Tool?.ToUpperInvariant(), tool.AppId?.ToString(), tool.OwnerTenantId?.ToString()];

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Sorted(ImmutableArray<string> values) =>
        values.Select(value => value.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string Join(IEnumerable<string?> parts) => JsonSerializer.Serialize(parts.ToArray(), PolicyVersionJson.Default.StringArray);

    private static void Texts(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts.Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class PolicyVersionJson : System.Text.Json.Serialization.JsonSerializerContext;
