using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using Governance.EndToEnd.Tests.Layout;

namespace Governance.EndToEnd.Tests.Infra;

/// <summary>The deployment, checked without Azure: its grammar, and the rules that a compiler does not know.</summary>
public sealed partial class InfraTests
{
    /// <summary>Ids of Azure's built-in roles, the same in every tenant.</summary>
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["storageBlobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["storageQueueDataContributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["storageTableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        ["serviceBusDataReceiver"] = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
        ["serviceBusDataSender"] = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
        ["monitoringMetricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
        ["keyVaultSecretsUser"] = "4633458b-17de-408a-b874-0445c86b69e6",
    };

    private static string[] Files => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string Main => Read("infra/main.bicep");

    [Fact]
    public async Task Every_file_is_Bicep()
    {
        Assert.NotEmpty(Files);

        Assert.Empty(await BicepParser.ProblemsAsync(Files));
    }

    [Fact]
    public async Task A_planted_mistake_is_found_with_its_line()
    {
        var broken = Path.Combine(Path.GetTempPath(), $"broken-{Guid.NewGuid():N}.bicep");
        await File.WriteAllTextAsync(broken, "param a string\nresource b 'x@y' = {\n  name a\n}\n");

        var problems = await BicepParser.ProblemsAsync(broken);

        File.Delete(broken);
        Assert.Contains(problems, problem => problem.StartsWith($"{broken}:", StringComparison.Ordinal));
    }

    [Fact]
    public void Parameters_of_the_file_are_those_of_the_template_and_what_has_no_default_is_given()
    {
        using var file = JsonDocument.Parse(Read("infra/main.parameters.json"));
        var given = file.RootElement.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name).ToHashSet();
        var declared = Parameter().Matches(Main);

        Assert.Equal(declared.Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
        Assert.Equal(["environmentName", "location"], declared.Where(match => !match.Groups[2].Success).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void A_module_gets_every_parameter_it_asks_for_and_no_other()
    {
        foreach (Match module in Module().Matches(Main))
        {
            var asked = Parameter().Matches(Read($"infra/{module.Groups[1].Value}")).Select(match => match.Groups[1].Value);
            var given = Argument().Matches(module.Groups[2].Value).Select(match => match.Groups[1].Value);

            Assert.Equal(asked.Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
        }

        Assert.Equal(Files.Length - 1, Module().Count(Main));
    }

    [Fact]
    public void An_output_that_is_used_exists()
    {
        foreach (Match module in Module().Matches(Main))
        {
            var name = Regex.Match(module.Value, @"module (\w+)").Groups[1].Value;
            var offered = Output().Matches(Read($"infra/{module.Groups[1].Value}")).Select(match => match.Groups[1].Value).ToHashSet();

            Assert.Empty(Regex.Matches(Main, $@"\b{name}!?\.outputs\.(\w+)").Select(match => match.Groups[1].Value).Except(offered));
        }

        var outputs = Output().Matches(Main).Select(match => match.Groups[1].Value).ToHashSet();
        var used = Regex.Matches(Read("azure.yaml") + Read("docs/azure.md"), @"\bGOVERNANCE_[A-Z_]+").Select(match => match.Value).ToHashSet();
        var settings = Regex.Matches(Read("infra/main.parameters.json"), @"GOVERNANCE_[A-Z_]+").Select(match => match.Value).ToHashSet();
        Assert.Empty(used.Except(outputs).Except(settings));
    }

    [Fact]
    public void No_key_and_no_password_opens_anything()
    {
        Assert.Contains("allowSharedKeyAccess: false", Read("infra/app/storage.bicep"), StringComparison.Ordinal);
        Assert.Contains("allowBlobPublicAccess: false", Read("infra/app/storage.bicep"), StringComparison.Ordinal);
        Assert.Contains("disableLocalAuth: true", Read("infra/app/servicebus.bicep"), StringComparison.Ordinal);
        Assert.Contains("DisableLocalAuth: true", Read("infra/app/monitoring.bicep"), StringComparison.Ordinal);
        Assert.Contains("enableRbacAuthorization: true", Read("infra/app/keyvault.bicep"), StringComparison.Ordinal);
        Assert.All(Files, file => Assert.DoesNotMatch(@"listKeys\(|AccountKey=|SharedAccessKey|connectionStrings", File.ReadAllText(file)));
    }

    [Fact]
    public void Only_encrypted_connections_are_taken()
    {
        Assert.Contains("minimumTlsVersion: 'TLS1_2'", Read("infra/app/storage.bicep"), StringComparison.Ordinal);
        Assert.Contains("supportsHttpsTrafficOnly: true", Read("infra/app/storage.bicep"), StringComparison.Ordinal);
        Assert.Contains("minimumTlsVersion: '1.2'", Read("infra/app/servicebus.bicep"), StringComparison.Ordinal);
        Assert.Contains("httpsOnly: true", Read("infra/app/functions.bicep"), StringComparison.Ordinal);
        Assert.Contains("minTlsVersion: '1.2'", Read("infra/app/functions.bicep"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_role_stands_in_one_file_with_its_right_id_and_is_assigned()
    {
        var rbac = Read("infra/app/rbac.bicep");
        var named = RoleId().Matches(rbac).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.Equal(Roles.OrderBy(role => role.Key, StringComparer.Ordinal), named.OrderBy(role => role.Key, StringComparer.Ordinal));
        Assert.All(named.Keys, role => Assert.Contains($"roles.{role}", rbac, StringComparison.Ordinal));
        Assert.DoesNotContain("roleAssignments@", string.Concat(Files.Where(file => !file.EndsWith("rbac.bicep", StringComparison.Ordinal)).Select(File.ReadAllText)), StringComparison.Ordinal);
        Assert.Equal(Regex.Count(rbac, "roleAssignments@"), Regex.Count(rbac, "principalType: 'ServicePrincipal'"));
        Assert.DoesNotContain("writer", rbac, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Resources_carry_the_tags_that_the_tool_finds_them_by()
    {
        string[] untagged = ["roleAssignments", "virtualNetworkLinks", "privateDnsZoneGroups"];
        foreach (var file in Files)
        {
            foreach (Match resource in Resource().Matches(File.ReadAllText(file)))
            {
                if (!untagged.Any(kind => resource.Groups[1].Value.EndsWith(kind, StringComparison.Ordinal)))
                {
                    Assert.True(resource.Value.Contains("tags: ", StringComparison.Ordinal), $"{Repository.Relative(file)}: {resource.Groups[1].Value} carries no tags");
                }
            }
        }

        Assert.Contains("'azd-service-name': 'functions'", Read("infra/app/functions.bicep"), StringComparison.Ordinal);
        Assert.Matches(@"services:\n  functions:\n    project: src/Governance\.Functions\n", Read("azure.yaml"));
    }

    [Fact]
    public void Nothing_is_fetched_to_compile_it_and_versions_of_a_kind_are_the_same()
    {
        var all = string.Concat(Files.Select(File.ReadAllText));
        var versions = Regex.Matches(all, @"'(Microsoft\.[\w./]+)@([\w-]+)'").Select(match => (match.Groups[1].Value, match.Groups[2].Value)).Distinct();

        Assert.DoesNotMatch(@"'(br|ts)[/:]", all);
        Assert.Empty(versions.GroupBy(kind => kind.Item1).Where(kind => kind.Count() > 1).Select(kind => kind.Key));
    }

    [Fact]
    public void Every_queue_knows_duplicates_and_loses_no_message_to_time_or_failure()
    {
        var bus = Read("infra/app/servicebus.bicep");
        var queues = Queue().Matches(bus);
        var named = Regex.Match(Main, @"var queues = \{(.+?)\}").Groups[1].Value.Split(',');

        Assert.Equal(named.Length, queues.Count);
        Assert.All(queues, queue =>
        {
            Assert.Contains("requiresDuplicateDetection: true", queue.Value, StringComparison.Ordinal);
            Assert.Contains("duplicateDetectionHistoryTimeWindow: 'P1D'", queue.Value, StringComparison.Ordinal);
            Assert.Contains("deadLetteringOnMessageExpiration: true", queue.Value, StringComparison.Ordinal);
            Assert.Matches(@"maxDeliveryCount: \d+\n", queue.Value);
            Assert.InRange(XmlConvert.ToTimeSpan(Regex.Match(queue.Value, "lockDuration: '([^']+)'").Groups[1].Value), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
        });
        Assert.Contains("name: 'Standard'", bus, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_role_says_what_it_is_for()
    {
        var rbac = Read("infra/app/rbac.bicep");

        Assert.Equal(Roles.Count, RoleWithReason().Count(rbac));
    }

    [Fact]
    public void Dead_letters_of_any_queue_parked_messages_and_a_missed_night_are_told()
    {
        var alerts = Read("infra/app/alerts.bicep");
        var rules = Regex.Matches(alerts, @"^resource \w+ 'Microsoft\.Insights/(metricAlerts|scheduledQueryRules)@.*?^\}", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Value).ToArray();

        Assert.Equal(3, rules.Length);
        Assert.All(rules, rule => Assert.Matches(@"enabled: true\n(.|\n)+actionGroup(s|Id): (\[)?actions\.id", rule));
        Assert.All(rules, rule => Assert.Contains("See docs/azure.md, Troubleshooting.", rule, StringComparison.Ordinal));
        Assert.All(rules, rule => Assert.Contains($"alert \"{Regex.Match(rule, "name: '([^']+)'").Groups[1].Value}\"", Read("docs/azure.md"), StringComparison.Ordinal));
        var dead = Assert.Single(rules, rule => rule.Contains("'DeadletteredMessages'", StringComparison.Ordinal));
        Assert.Matches(@"name: 'EntityName'\s+operator: 'Include'\s+values: \['\*'\]", dead);
        Assert.Single(rules, rule => Regex.IsMatch(rule, @"'ActiveMessages'(.|\n)+values: \[parkedQueue\]"));
        Assert.Single(rules, rule => rule.Contains("name has \"NightlyAudit\"", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src/Governance.Functions/Triggers/NightlyAudit.cs")));
    }

    [Fact]
    public void What_costs_or_opens_more_is_there_only_when_asked_for()
    {
        Assert.Matches(@"module vault [^=]+= if \(!empty\(webhookUrl\)\)", Main);
        Assert.Matches(@"resource secretRole [^=]+= if \(!empty\(vaultName\)\)", Read("infra/app/rbac.bicep"));
        Assert.Matches(@"module network [^=]+= if \(isolateNetwork\)", Main);
        Assert.Matches(@"resource authentication [^=]+= if \(!empty\(apiClientId\)\)", Read("infra/app/functions.bicep"));
        Assert.Contains("publicNetworkAccess: isolate ? 'Disabled' : 'Enabled'", Read("infra/app/storage.bicep"), StringComparison.Ordinal);
        Assert.Contains("defaultAction: isolate ? 'Deny' : 'Allow'", Read("infra/app/storage.bicep"), StringComparison.Ordinal);
        Assert.Contains("var services = ['blob', 'queue', 'table']", Read("infra/app/network.bicep"), StringComparison.Ordinal);
        Assert.All(["isolateNetwork", "enableWriter"], parameter => Assert.Contains($"param {parameter} bool = false", Main, StringComparison.Ordinal));
    }

    /// <summary>Source: Flex Consumption, app settings that are not taken there.</summary>
    [Fact]
    public void The_plan_is_Flex_Consumption_and_no_setting_of_older_plans_is_left()
    {
        var functions = Read("infra/app/functions.bicep");

        Assert.Contains("sku: { name: 'FC1', tier: 'FlexConsumption' }", functions, StringComparison.Ordinal);
        Assert.Contains("runtime: { name: 'dotnet-isolated', version: '10.0' }", functions, StringComparison.Ordinal);
        Assert.Contains("type: 'UserAssignedIdentity'", functions, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_WORKER_RUNTIME|WEBSITE_|AzureWebJobsStorage: |linuxFxVersion", functions);
    }

    [Fact]
    public async Task The_hook_calls_a_command_that_there_is_with_an_output_that_there_is()
    {
        var calls = Regex.Matches(Read("azure.yaml"), @"run: dotnet run --project src/Governance\.Cli -- ([a-z -]+) ""?\$(?:env:)?(\w+)").ToArray();

        Assert.Equal(2, calls.Length);
        foreach (var call in calls)
        {
            Assert.Contains($"output {call.Groups[2].Value} string", Main, StringComparison.Ordinal);
            var help = await Cli.Run.Of([.. call.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1], "--help"]);
            Assert.Equal(0, help.Code);
            Assert.Contains(call.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], help.Output, StringComparison.Ordinal);
        }

        Assert.Equal(2, Regex.Count(Read("azure.yaml"), "continueOnError: true"));
    }

    [Fact]
    public void Abbreviations_are_all_used_and_all_there()
    {
        using var file = JsonDocument.Parse(Read("infra/abbreviations.json"));

        Assert.Equal(
            file.RootElement.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal),
            Regex.Matches(Main, @"abbreviations\.(\w+)").Select(match => match.Groups[1].Value).Where(name => name != "json").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_may_write_exists_only_when_asked_for()
    {
        Assert.Contains("param enableWriter bool = false", Main, StringComparison.Ordinal);
        Assert.Matches(@"resource writer [^=]+= if \(enableWriter\)", Read("infra/app/identities.bicep"));
        Assert.Contains("output writerId string = enableWriter ? writer!.id : ''", Read("infra/app/identities.bicep"), StringComparison.Ordinal);
        Assert.Contains("output writerClientId string = enableWriter ? writer!.properties.clientId : ''", Read("infra/app/identities.bicep"), StringComparison.Ordinal);
        Assert.Contains("union({ '${readerId}': {} }, empty(writerId) ? {} : { '${writerId}': {} })", Read("infra/app/functions.bicep"), StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"^param (\w+) \w+( = )?", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^module \w+ '([^']+)'[^\n]*\{\n(.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^    (\w+): ", RegexOptions.Multiline)]
    private static partial Regex Argument();

    [GeneratedRegex(@"^output (\w+) ", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^  (\w+): '([0-9a-f]{8}-[0-9a-f-]{27})'", RegexOptions.Multiline)]
    private static partial Regex RoleId();

    [GeneratedRegex(@"^  resource \w+ 'queues' = \{.*?^  \}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Queue();

    [GeneratedRegex(@"^  // [^\n]{20,}\n  \w+: '[0-9a-f]{8}-[0-9a-f-]{27}'", RegexOptions.Multiline)]
    private static partial Regex RoleWithReason();

    [GeneratedRegex(@"^resource \w+ '([^'@]+)@[^']+' = .*?^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Resource();
}
