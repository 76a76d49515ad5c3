using Governance.Core.Digest;
using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Faults;
using Governance.Embedded.Sqlite;
using Xunit.Abstractions;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A server killed while it posts digests shows none twice, and says of which it does not know whether it shows.</summary>
public sealed class KilledWhilePostingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task CP_4_and_CP_5_whatever_the_moment_of_a_digest_none_is_shown_twice_and_an_unknown_end_is_told()
    {
        await using var tenant = await ScannableTenant.StartAsync();
        using var folder = new TemporaryFolder();
        var random = Kills.Chance();
        await using var host = await WorkflowHost.StartAsync(new Random(random.Next()), folder["authority.pem"]);
        var channels = Enumerable.Range(1, (2 * Kills.Count) + 2).Select(number => $"channel-{number}").ToArray();
        var environment = host.Environment;
        foreach (var channel in channels)
        {
            environment[Variable(channel)] = WorkflowHost.AddressOf(channel);
        }

        folder.Write("governance.yaml", "version: 1\napproved: []\ndigests:\n" + string.Concat(channels.Select(
            (channel, at) => $"  - {{name: {channel}, urlEnv: {Variable(channel)}, period: quarter, at: \"00:00\", audience: {(at % 2 == 0 ? "executive" : "security")}}}\n")));
        string[] options = ["--policy", folder["governance.yaml"], "--full-scan", "off", "--nightly-scan", "off"];
        await FirstScanAsync(folder, tenant, environment, options);
        var inTheMiddle = 0;
        for (var kill = 0; kill < Kills.Count; kill++)
        {
            if (kill % 4 == 1)
            {
                host.BeBusy();
            }

            await using var server = await ServeProcess.StartAsync(folder, tenant, environment: environment, more: options);
            var (shown, posted) = (host.Bodies.Count, host.Posts.Count);
            await RunningServer.Until(async () => host.Bodies.Count > shown || await DoneAsync(folder, tenant.Id, channels.Length));

            // Who was told to wait lives until it may post again.
            await Task.Delay((host.Posts.Skip(posted).Any(post => post.RetryAfter is not null) ? WorkflowHost.Wait : TimeSpan.Zero) + TimeSpan.FromMilliseconds(random.Next(0, 700)));
            await server.KillAsync();

            Waits.Hold(host.Posts.Skip(posted).ToArray());
            var entries = await LeftAsync(folder, tenant.Id);
            inTheMiddle += entries.Count(entry => entry.State is DigestState.Unknown or DigestState.Pending);
            Check(host, entries);
            await Invariants.HoldAsync(Dead());
        }

        host.Calm();
        await using (var last = await ServeProcess.StartAsync(folder, tenant, environment: environment, more: options))
        {
            // 21 What can be posted is; the rest is openly unknown, or still held by the lease of a worker that died between claim and post.
            await RunningServer.Until(() => DoneAsync(folder, tenant.Id, channels.Length));
            using var client = last.Stranger();
            await RunningServer.Until(async () =>
            {
                var health = (await client.GetJson("/api/health")).GetProperty("status").GetString()!;
                var doubtful = (await EntriesAsync(folder, tenant.Id)).Any(entry => entry.State is DigestState.Unknown or DigestState.Failed);
                return health == (doubtful ? "degraded" : "healthy");
            });
            Assert.Equal(0, await last.TerminateAsync());
            Assert.DoesNotContain(WorkflowHost.Signature, last.Errors, StringComparison.Ordinal);
        }

        var inTheEnd = await EntriesAsync(folder, tenant.Id);
        Check(host, inTheEnd);
        await Invariants.HoldAsync(Dead());
        var unknown = inTheEnd.Where(entry => entry.State == DigestState.Unknown).Select(entry => entry.Slot.Channel).ToArray();
        output.WriteLine($"{Kills.Count} kills, {channels.Length} channels, {inTheMiddle} posts cut, {unknown.Length} unknown in the end, {host.Shown.Values.Sum()} shown, {host.Posts.Count(post => post.RetryAfter is not null)} times told to wait");
        Assert.True(Kills.Count < Kills.Many || (unknown.Length > 0 && host.Posts.Any(post => post.RetryAfter is not null)), "the kills never hit a post");

        // Unknown is told to the operator by command, as it was by health.
        var status = await Run.Of("digest", "status", "--data", folder["data"]);
        Assert.All(unknown, channel => Assert.Contains(status.Output.Split('\n'), line => line.Contains($" {channel} ", StringComparison.Ordinal) && line.Contains("unknown", StringComparison.Ordinal)));

        KilledServer Dead() => new(folder, tenant) { Secrets = [ServeProcess.GraphToken, WorkflowHost.Signature], Policy = folder["governance.yaml"] };
    }

    private static async Task FirstScanAsync(TemporaryFolder folder, ScannableTenant tenant, Dictionary<string, string> environment, string[] options)
    {
        // Killed as soon as the scan is there, so that most digests are still to come.
        await using var server = await ServeProcess.StartAsync(folder, tenant, environment: environment, more: options);
        using var client = server.Client(await server.ShownTokenAsync());
        using var asked = await client.PostAsync("/api/scans", null);
        await RunningServer.EndOf(client, asked.Headers.Location!.ToString());
        await server.KillAsync();
    }

    private static void Check(WorkflowHost host, IReadOnlyCollection<DigestEntry> entries)
    {
        var byChannel = entries.ToDictionary(entry => entry.Slot.Channel, entry => entry.State);
        foreach (var (channel, shown) in host.Shown)
        {
            Assert.True(shown == 1, $"{channel} was shown {shown} times");
            Assert.Contains(byChannel[channel], new[] { DigestState.Accepted, DigestState.Unknown });
        }

        Assert.All(byChannel.Where(entry => entry.Value == DigestState.Accepted), entry => Assert.Equal(1, host.Shown.GetValueOrDefault(entry.Key)));

        // A workflow that only accepts has proven nothing.
        Assert.DoesNotContain(DigestState.Delivered, byChannel.Values);
    }

    private static async Task<bool> DoneAsync(TemporaryFolder folder, Guid tenant, int channels) =>
        (await EntriesAsync(folder, tenant)).Count(entry => entry.State is DigestState.Accepted or DigestState.Unknown or DigestState.Pending) == channels;

    private static async Task<IReadOnlyCollection<DigestEntry>> EntriesAsync(TemporaryFolder folder, Guid tenant)
    {
        await using var database = new SqliteDatabase(new SqliteOptions { Folder = folder["data"] });
        return await new SqliteDigestOutbox(database).ListAsync(tenant, 10_000, default);
    }

    /// <summary>What a dead server left, which stays as it is.</summary>
    private static async Task<IReadOnlyCollection<DigestEntry>> LeftAsync(TemporaryFolder folder, Guid tenant)
    {
        using var left = folder.Copy();
        return await EntriesAsync(left, tenant);
    }

    private static string Variable(string channel) => $"GOVERNANCE_TEST_{channel.Replace('-', '_').ToUpperInvariant()}";
}
