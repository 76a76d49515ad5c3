using System.Text.Json;
using System.Text.RegularExpressions;
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
    public void The_queue_of_scans_knows_duplicates_for_longer_than_a_message_may_be_sent_again()
    {
        var queue = Read("infra/app/servicebus.bicep");

        Assert.Equal(4, Regex.Count(queue, "requiresDuplicateDetection: true"));
        Assert.Equal(4, Regex.Count(queue, "duplicateDetectionHistoryTimeWindow: 'P1D'"));
        Assert.Contains("name: 'Standard'", queue, StringComparison.Ordinal);
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

    [GeneratedRegex(@"^resource \w+ '([^'@]+)@[^']+' = .*?^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Resource();
}
