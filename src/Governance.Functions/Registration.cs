using System.Security.Cryptography;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Azure;
using Governance.Azure.Tables;
using Governance.Core;
using Governance.Core.Digest;
using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;
using Governance.Core.Scans.Runs;
using Governance.Functions.Settings;
using Governance.Microsoft365.Teams;
using Governance.PolicyFile;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Functions;

internal static class Registration
{
    public static IServiceCollection AddGovernanceHead(this IServiceCollection services)
    {
        services.AddGovernanceState().AddGovernanceMessages();
        services.AddOptions<ScheduleOptions>().Configure<IConfiguration>(ScheduleOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ScheduleOptions>, ScheduleOptionsCheck>();
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsCheck>();
        services.AddOptions<ApiAccessOptions>().BindConfiguration(ApiAccessOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiAccessOptions>, ApiAccessCheck>();

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Func<string>>(() => RandomNumberGenerator.GetHexString(6, lowercase: true));
        services.AddSingleton<ITenantSources, ConfiguredTenants>().AddSingleton<TimerOccurrences>().AddSingleton<DueMessages>();
        services.AddSingleton<Func<TenantState, GovernancePolicy>>(PolicyOf);
        services.AddSingleton<RequestScan>().AddSingleton<RecoverRuns>().AddSingleton<RunQueuedScan>().AddSingleton<ProveKpis>().AddSingleton<NightlyRetention>();
        services.AddSingleton(provider => new ApiProofs(
            provider.GetRequiredService<IOptions<ApiAccessOptions>>().Value, provider.GetRequiredService<ITenantSources>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEnumerable<ICallerProof>>(provider => provider.GetRequiredService<ApiProofs>().Callers);
        services.AddSingleton<IEnumerable<IBrowserProof>>(provider => provider.GetRequiredService<ApiProofs>().Browsers);
        services.AddSingleton<PostPace>();
        services.AddSingleton(provider =>
        {
            var (time, configuration) = (provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IConfiguration>());
            var readerId = provider.GetRequiredService<IOptions<AuditOptions>>().Value.ReaderClientId;
            var emulated = provider.GetRequiredService<TableOptions>().TableServiceUri!.IsLoopback;
            var channels = new WorkflowChannels(
                WorkflowTransport.Client(proxy: emulated), name => configuration[name], () => ConfiguredTenants.OwnToken(readerId, time),
                provider.GetRequiredService<PostPace>(), time, provider.GetRequiredService<ILogger<WorkflowChannel>>()) { Loopback = emulated };
            return new SendDigest(
                provider.GetRequiredService<IScanStore>(), provider.GetRequiredService<IDigestOutbox>(), channels.Open, TimeZoneInfo.FindSystemTimeZoneById, time,
                provider.GetService<IDecisionLedger>());
        });
        services.AddSingleton(new ApiOptions()).AddSingleton<DecisionStores>().AddSingleton<ApiHost>();

        return services.AddWorkerTelemetry(Environment.GetEnvironmentVariable(WorkerTelemetry.EndpointSetting));
    }

    /// <summary>The policy that a kept state was judged by.</summary>
    private static GovernancePolicy PolicyOf(TenantState state) => state.PolicyText.Length == 0
        ? GovernancePolicy.BuiltIn
        : PolicyYaml.Read(state.PolicyText, _ => true) is Parsed<GovernancePolicy>.Good good
            ? good.Value
            : throw new SettingsException("the policy kept with the last scan cannot be read; scan again");
}
