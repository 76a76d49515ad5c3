using System.Reflection;
using System.Text.Json;
using Governance.Functions.Settings;
using Governance.Functions.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Tests;

/// <summary>Every function, found by reflection, with its trigger.</summary>
public sealed class TriggerTests
{
    private static readonly Dictionary<string, ParameterInfo> Functions = typeof(NightlyAudit).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, method => method.GetParameters()[0]);

    /// <summary>Names of all functions, sorted.</summary>
    public static IEnumerable<string> Names => Functions.Keys.Order(StringComparer.Ordinal);

    [Fact]
    public void There_are_these_functions_and_no_others()
    {
        Assert.Equal(["Api", "ComputeKpis", "ComputeKpisDeadLetter", "DigestSchedule", "IncrementalScan", "NightlyAudit", "PostDigest", "PostDigestDeadLetter", "RecoverStalled", "ScanTenant", "ScanTenantDeadLetter"], Functions.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("NightlyAudit", "%NightlyAuditSchedule%")]
    [InlineData("IncrementalScan", "%IncrementalScanSchedule%")]
    [InlineData("DigestSchedule", "%DigestSchedule%")]
    [InlineData("RecoverStalled", "%RecoverStalledSchedule%")]
    public void A_timer_reads_its_schedule_from_a_setting_and_does_not_run_at_start(string function, string schedule)
    {
        var trigger = Functions[function].GetCustomAttribute<TimerTriggerAttribute>()!;

        Assert.Equal(schedule, trigger.Schedule);
        Assert.False(trigger.RunOnStartup);
        Assert.Contains(schedule.Trim('%'), ScheduleOptions.Names);
    }

    /// <summary>The runtime retries timers by attribute alone; the other two fire again within minutes.</summary>
    [Theory]
    [InlineData("NightlyAudit")]
    [InlineData("IncrementalScan")]
    public void A_timer_whose_next_occurrence_is_hours_away_is_retried(string function)
    {
        var retry = Functions[function].Member.GetCustomAttribute<FixedDelayRetryAttribute>()!;

        Assert.Equal((3, TimeSpan.FromMinutes(1)), (retry.MaxRetryCount, TimeSpan.Parse(retry.DelayInterval)));
    }

    [Theory]
    [InlineData("ComputeKpis", "%KpiQueue%")]
    [InlineData("ComputeKpisDeadLetter", "%KpiQueue%/$deadletterqueue")]
    [InlineData("PostDigest", "%DigestQueue%")]
    [InlineData("PostDigestDeadLetter", "%DigestQueue%/$deadletterqueue")]
    [InlineData("ScanTenant", "%ScanQueue%")]
    [InlineData("ScanTenantDeadLetter", "%ScanQueue%/$deadletterqueue")]
    public void A_queue_function_reads_its_queue_from_a_setting_connects_by_identity_and_settles_itself(string function, string queue)
    {
        var trigger = Functions[function].GetCustomAttribute<ServiceBusTriggerAttribute>()!;

        Assert.Equal(queue, trigger.QueueName);
        Assert.Equal("ServiceBus", trigger.Connection);
        Assert.False(trigger.AutoCompleteMessages);
        Assert.False(trigger.IsSessionsEnabled);
    }

    [Fact]
    public void The_api_takes_every_method_and_path_and_leaves_proof_of_the_caller_to_itself()
    {
        var trigger = Functions["Api"].GetCustomAttribute<HttpTriggerAttribute>()!;

        Assert.Equal("{**path}", trigger.Route);
        Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
        Assert.Superset(new HashSet<string> { "get", "post", "delete" }, trigger.Methods!.ToHashSet());
    }

    [Fact]
    public void Every_trigger_of_the_built_worker_is_in_its_metadata()
    {
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "functions.metadata")));

        Assert.Equal(Functions.Keys.Order(StringComparer.Ordinal), metadata.RootElement.EnumerateArray().Select(function => function.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_host_gives_a_scan_more_time_than_it_takes_and_keeps_its_lock_for_longer_still()
    {
        using var host = JsonDocument.Parse(Checkout.Read("host.json"));
        var timeout = TimeSpan.Parse(host.RootElement.GetProperty("functionTimeout").GetString()!);
        var bus = host.RootElement.GetProperty("extensions").GetProperty("serviceBus");

        Assert.True(new AuditOptions().TimeBudget + TimeSpan.FromMinutes(5) < timeout);
        Assert.True(TimeSpan.Parse(bus.GetProperty("maxAutoLockRenewalDuration").GetString()!) >= timeout);
        Assert.False(bus.GetProperty("autoCompleteMessages").GetBoolean());
        Assert.Equal(Checkout.Read("host.json"), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
    }
}
