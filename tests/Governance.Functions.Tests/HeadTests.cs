using System.Reflection;
using Governance.Api.Http;
using Governance.Azure.Tables;
using Governance.Core.Catalogue;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Tests;

/// <summary>What the head is put together from, without asking any service.</summary>
public sealed class HeadTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["NightlyAuditSchedule"] = "0 0 2 * * *",
        ["IncrementalScanSchedule"] = "0 0 */4 * * *",
        ["DigestSchedule"] = "0 */15 * * * *",
        ["RecoverStalledSchedule"] = "0 */10 * * * *",
        ["ScanQueue"] = "scan-tenant",
        ["KpiQueue"] = "compute-kpis",
        ["DigestQueue"] = "post-digest",
        ["ParkedQueue"] = "parked",
        ["ServiceBus:fullyQualifiedNamespace"] = "example.servicebus.windows.net",
        ["State:TableServiceUri"] = "https://example.table.core.windows.net",
        ["Audit:Tenants"] = "0a0a0a0a-1111-4222-8333-444444444444",
    };

    public static TheoryData<string> Functions => [.. Types().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task Every_function_can_be_made_from_what_is_registered(string name)
    {
        await using var services = Services();

        Assert.NotNull(ActivatorUtilities.CreateInstance(services, Types().Single(type => type.Name == name)));
    }

    /// <summary>The endpoints by which people decide answer 501 on a head that lacks these.</summary>
    [Fact]
    public async Task Decisions_persons_learned_apps_and_checkpoints_are_kept_in_tables()
    {
        await using var services = Services();

        var stores = services.GetRequiredService<DecisionStores>();

        Assert.IsType<TableDecisionLedger>(stores.Ledger);
        Assert.IsType<TablePersons>(stores.Persons);
        Assert.IsType<TablePersonalRecords>(stores.Records);
        Assert.Same(stores.Ledger, services.GetRequiredService<IDecisionLedger>());
        Assert.IsType<TableLearnedApps>(services.GetRequiredService<ILearnedApps>());
        Assert.IsType<TableScanCheckpoints>(services.GetRequiredService<IScanCheckpoints>());
        Assert.NotNull(ActivatorUtilities.CreateInstance<GovernanceApi>(services).Decisions);
    }

    [Fact]
    public async Task The_table_apart_is_another_one_in_the_same_account()
    {
        await using var services = Services();

        var (state, apart) = (services.GetRequiredService<global::Azure.Data.Tables.TableClient>(), services.GetRequiredService<ApartTable>().Client);

        Assert.Equal(state.AccountName, apart.AccountName);
        Assert.Equal(("Governance", "GovernanceApart"), (state.Name, apart.Name));
        Assert.Contains($"name: '${{table}}{apart.Name[state.Name.Length..]}'", Checkout.Read("infra/app/storage.bicep"), StringComparison.Ordinal);
    }

    /// <summary>Source: the functions host drops the log lines of a worker with this capability, since it is to send them itself.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("http://127.0.0.1:4318", true)]
    public async Task The_worker_says_that_it_sends_telemetry_only_where_it_has_a_collector_to_send_it_to(string? endpoint, bool itself)
    {
        await using var services = new ServiceCollection().AddLogging().AddWorkerTelemetry(endpoint).BuildServiceProvider();

        Assert.Equal(itself, services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.ContainsKey("WorkerOpenTelemetryEnabled"));
        Assert.Equal(itself, services.GetServices<ILoggerProvider>().Any(provider => provider.GetType().Name == "OpenTelemetryLoggerProvider"));
    }

    [Fact]
    public void Every_function_of_a_queue_has_one_beside_it_for_its_dead_letters()
    {
        var queues = Types().SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()?.QueueName).OfType<string>().ToArray();
        var live = queues.Where(queue => !queue.EndsWith("/$deadletterqueue", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(live);
        Assert.Equal(live.Select(queue => $"{queue}/$deadletterqueue").Order(StringComparer.Ordinal), queues.Except(live).Order(StringComparer.Ordinal));
    }

    private static Type[] Types() =>
    [
        .. typeof(WorkerTelemetry).Assembly.GetTypes()
            .Where(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null)),
    ];

    private static ServiceProvider Services() => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build())
        .AddLogging()
        .AddGovernanceHead()
        .BuildServiceProvider();
}
