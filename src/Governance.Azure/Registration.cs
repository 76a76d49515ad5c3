using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Governance.Azure.ServiceBus;
using Governance.Azure.Tables;
using Governance.Core.Catalogue;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Azure;

/// <summary>Puts state and messages of a host on Azure, by identity and never by key; or on emulators of this machine, whose keys everybody knows.</summary>
public static class Registration
{
    private static readonly TableSharedKeyCredential EmulatedAccount =
        new("devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");

    public static IServiceCollection AddGovernanceState(this IServiceCollection services)
    {
        services.AddOptions<TableOptions>().BindConfiguration(TableOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.TableServiceUri is { IsAbsoluteUri: true, Scheme: "https" } or { IsAbsoluteUri: true, IsLoopback: true }, "State__TableServiceUri must be an https address")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TableOptions>>().Value);
        services.AddSingleton(provider => Table(provider.GetRequiredService<TableOptions>(), options => options.TableName));
        services.AddSingleton(provider => new ApartTable(Table(provider.GetRequiredService<TableOptions>(), options => options.ApartTableName)));
        services.AddSingleton<TableDecisionLedger>().AddSingleton<IDecisionLedger>(provider => provider.GetRequiredService<TableDecisionLedger>())
            .AddSingleton<IPersons, TablePersons>().AddSingleton<IPersonalRecords, TablePersonalRecords>();
        services.AddSingleton<TableSharedKeys>().AddSingleton<TableIdempotencyKeys>().AddSingleton<IIdempotencyKeys>(provider => provider.GetRequiredService<TableIdempotencyKeys>());
        return services.AddSingleton<IScanStore, TableScanStore>().AddSingleton<IScanRuns, TableScanRuns>().AddSingleton<IDigestOutbox, TableDigestOutbox>().AddSingleton<IScanCheckpoints, TableScanCheckpoints>()
            .AddSingleton<ILearnedApps, TableLearnedApps>();
    }

    public static IServiceCollection AddGovernanceMessages(this IServiceCollection services)
    {
        services.AddOptions<ServiceBusOptions>().BindConfiguration(ServiceBusOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.Emulator = configuration[ServiceBusOptions.Section]).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServiceBusOptions>, ServiceBusOptionsCheck>();
        services.AddOptions<QueueOptions>().Configure<IConfiguration>((options, configuration) => configuration.Bind(options)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<QueueOptions>>().Value);
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<ServiceBusOptions>>().Value;
            return string.IsNullOrEmpty(options.Emulator)
                ? new ServiceBusClient(options.FullyQualifiedNamespace, Identity(options.ClientId))
                : new ServiceBusClient(options.Emulator);
        });
        services.AddSingleton<ServiceBusScanQueue>().AddSingleton<ServiceBusDigestQueue>().AddSingleton<ServiceBusKpiQueue>();
        return services.AddSingleton<IScanQueue>(provider => provider.GetRequiredService<ServiceBusScanQueue>());
    }

    private static TableClient Table(TableOptions options, Func<TableOptions, string> name) => options.TableServiceUri!.Scheme == Uri.UriSchemeHttp
        ? new TableClient(options.TableServiceUri, name(options), EmulatedAccount)
        : new TableClient(options.TableServiceUri, name(options), Identity(options.ClientId));

    /// <summary>In Azure the user-assigned identity; elsewhere whoever is signed in.</summary>
    private static TokenCredential Identity(string? clientId) =>
        string.IsNullOrEmpty(clientId) ? new DefaultAzureCredential() : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}
