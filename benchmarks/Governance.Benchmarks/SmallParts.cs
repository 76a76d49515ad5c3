using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Benchmarks;

/// <summary>Small parts by themselves, without network or start.</summary>
[MemoryDiagnoser]
public class SmallParts
{
    private const int PageRows = 999;
    private byte[] _grants = [];
    private byte[] _users = [];
    private readonly GrantRows _grantRows = new((_, _, _, _, _) => { });
    private readonly UserRows _userRows = new((_, _, _, _) => { });
    private AppClassifier _classifier = null!;
    private ServicePrincipal _app = null!;

    /// <summary>Measures in this process and prints a line for each.</summary>
    internal static void Run()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithOption(ConfigOptions.DisableLogFile, true)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), $"governance-small-{Environment.ProcessId}"));
        var summary = BenchmarkRunner.Run<SmallParts>(config);
        Print.Line("\n### Small parts\n\n| part | mean us | error us | allocated KB |\n|---|---|---|---|");
        foreach (var report in summary.Reports.Where(report => report.ResultStatistics is not null))
        {
            var times = report.ResultStatistics!;
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) / 1024.0;
            Print.Line($"| {report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')} | {times.Mean / 1000:0.0} | {times.StandardError / 1000:0.0} | {allocated:0.0} |");
        }

        if (Directory.Exists(config.ArtifactsPath))
        {
            Directory.Delete(config.ArtifactsPath, recursive: true);
        }
    }

    [GlobalSetup]
    public void Make()
    {
        var random = new Random(7);
        var (apps, users) = (Ids(random, 40), Ids(random, 600));
        _grants = Page(json =>
        {
            var (client, user) = (apps[random.Next(apps.Length)], users[random.Next(users.Length)]);
            json.WriteString("id", GrantId.Of(client, apps[0], user));
            json.WriteString("clientId", client);
            json.WriteString("consentType", "Principal");
            json.WriteString("principalId", user);
            json.WriteString("resourceId", apps[0]);
            json.WriteString("scope", " openid profile email offline_access User.Read Mail.Read"[..(30 + random.Next(25))]);
        });
        _users = Page(json =>
        {
            json.WriteString("id", users[random.Next(users.Length)]);
            json.WriteString("department", "Marketing");
            json.WriteBoolean("accountEnabled", true);
            json.WriteString("userType", "Member");
        });
        _classifier = new AppClassifier(ProductCatalogue.Embedded, apps[0]);
        _app = new ServicePrincipal { Id = apps[1], AppId = apps[2], DisplayName = "Meadow Transcript Notes", Homepage = "https://meadow.example/app", ReplyUrls = ["https://login.meadow.example/callback"] };
    }

    [Benchmark(Baseline = true, Description = "Tokenise a page of 999 grants")]
    public long TokeniseAPageOf999Grants()
    {
        var reader = new Utf8JsonReader(_grants);
        var tokens = 0L;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark(Description = "Read a page of 999 grants")]
    public int ReadAPageOf999Grants() => Read(_grantRows, _grants);

    [Benchmark(Description = "Read a page of 999 users")]
    public int ReadAPageOf999Users() => Read(_userRows, _users);

    [Benchmark(Description = "Read and pack 100 such pages of grants")]
    public int ReadAndPack100SuchPagesOfGrants()
    {
        var all = new DelegatedPermissionGrantsBuilder();
        var rows = new GrantRows(all);
        for (var page = 0; page < 100; page++)
        {
            Read(rows, _grants);
        }

        return all.Build().Count;
    }

    [Benchmark(Description = "Classify one app")]
    public bool ClassifyOneApp() => _classifier.Classify(_app).Ai.IsAi;

    private static int Read(PageRows rows, byte[] page)
    {
        new PageParser(rows, PageLayout.Page).Parse(page, final: true);
        var read = rows.Count;
        rows.Keep();
        return read;
    }

    private static Guid[] Ids(Random random, int count)
    {
        var bytes = new byte[16];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            random.NextBytes(bytes);
            return new Guid(bytes);
        })];
    }

    private static byte[] Page(Action<Utf8JsonWriter> row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("value");
            for (var i = 0; i < PageRows; i++)
            {
                json.WriteStartObject();
                row(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
