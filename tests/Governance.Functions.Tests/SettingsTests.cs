using System.Text.Json;
using System.Text.RegularExpressions;
using Governance.Azure.ServiceBus;
using Governance.Azure.Tables;
using Governance.Functions.Settings;

namespace Governance.Functions.Tests;

/// <summary>Settings that code reads, settings that the deployment sets and settings that the docs name are the same.</summary>
public sealed partial class SettingsTests
{
    /// <summary>Read by the host or by a library, not by our code.</summary>
    private static readonly string[] OfTheHost =
    [
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri", "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId", "ServiceBus__credential", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    /// <summary>Named by the policy and not by code.</summary>
    private static readonly string[] OfThePolicy = ["WORKFLOW_URL"];

    /// <summary>With a default that a deployment need not change.</summary>
    private static readonly string[] WithDefault =
    [
        "State__InventoriesKept", "MostAttempts", "Audit__TimeBudget", "Audit__GraphEndpoint", "Audit__OptionalParts", "Audit__CatalogueFile",
    ];

    private static HashSet<string> InCode =>
    [
        .. Names(TableOptions.Section, typeof(TableOptions)), .. Names(ServiceBusOptions.Section, typeof(ServiceBusOptions)), .. Names(null, typeof(QueueOptions)),
        .. Names(AuditOptions.Section, typeof(AuditOptions)), .. Names(ApiAccessOptions.Section, typeof(ApiAccessOptions)), .. ScheduleOptions.Names,
    ];

    private static HashSet<string> InInfra =>
        [.. InfraSetting().Matches(Checkout.Read("infra/app/functions.bicep").Split("resource settings")[1].Split("resource authentication")[0]).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Whatever_code_reads_is_set_or_has_a_default()
    {
        Assert.Empty(InCode.Select(Plain).Except(InInfra.Concat(WithDefault).Select(Plain)));
    }

    [Fact]
    public void Whatever_is_set_is_read()
    {
        Assert.Empty(InInfra.Select(Plain).Except(InCode.Concat(OfTheHost).Concat(OfThePolicy).Select(Plain)));
    }

    [Fact]
    public void A_setting_with_a_default_is_read_and_is_not_set_as_well()
    {
        Assert.Empty(WithDefault.Select(Plain).Except(InCode.Select(Plain)));
        Assert.Empty(WithDefault.Select(Plain).Intersect(InInfra.Select(Plain)));
    }

    [Fact]
    public void The_docs_name_every_setting()
    {
        var docs = Checkout.Read("docs/azure.md");

        Assert.All(InInfra.Except(OfTheHost).Concat(WithDefault), setting => Assert.Contains($"`{setting}`", docs, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_template_for_local_runs_names_known_settings_and_holds_no_secret()
    {
        using var template = JsonDocument.Parse(Checkout.Read("src/Governance.Functions/local.settings.template.json"));
        var known = InCode.Append("FUNCTIONS_WORKER_RUNTIME").Append("AzureWebJobsStorage").Select(Plain).ToHashSet();

        Assert.All(template.RootElement.GetProperty("Values").EnumerateObject(), setting =>
        {
            Assert.Contains(Plain(setting.Name), known);
            Assert.DoesNotMatch("(?i)key=|sig=|password|secret", setting.Value.GetString()!);
        });
    }

    [Fact]
    public void Schedules_of_the_deployment_can_fire()
    {
        var schedules = ScheduleSetting().Matches(Checkout.Read("infra/app/functions.bicep"));

        Assert.Equal(ScheduleOptions.Names.Order(StringComparer.Ordinal), schedules.Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.All(schedules, match => Assert.Null(ScheduleExpression.ProblemOf(match.Groups[2].Value)));
    }

    private static IEnumerable<string> Names(string? section, Type options) => options.GetProperties()
        .Where(property => property.GetSetMethod() is not null).Select(property => section is null ? property.Name : $"{section}__{property.Name}");

    /// <summary>Names of settings are compared without regard to case.</summary>
    private static string Plain(string setting) => setting.ToUpperInvariant();

    [GeneratedRegex(@"^      ([A-Za-z_]\w+): ", RegexOptions.Multiline)]
    private static partial Regex InfraSetting();

    [GeneratedRegex(@"(\w+Schedule): '([^']+)'")]
    private static partial Regex ScheduleSetting();
}
