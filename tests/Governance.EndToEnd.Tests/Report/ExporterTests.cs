using System.Text;
using System.Text.Json;
using CsvHelper;
using Governance.Api.Exports;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Report;

public sealed class ExporterTests
{
    public static TheoryData<ExportFormat, ExportWhat> Combinations
    {
        get
        {
            var all = new TheoryData<ExportFormat, ExportWhat>();
            foreach (var format in Enum.GetValues<ExportFormat>())
            {
                foreach (var what in Enum.GetValues<ExportWhat>())
                {
                    all.Add(format, what);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task A_format_writes_what_it_supports_and_refuses_the_rest(ExportFormat format, ExportWhat what)
    {
        using var stream = new MemoryStream();
        Task Write() => Exporter.WriteAsync(format, what, Sample.Facts(), stream);

        if (Exporter.Supports(format, what))
        {
            await Write();
            Assert.True(stream.Length > 500 && stream.CanWrite);
        }
        else
        {
            await Assert.ThrowsAsync<NotSupportedException>(Write);
            Assert.Equal(0, stream.Length);
        }
    }

    [Fact]
    public async Task A_large_json_export_goes_out_in_pieces()
    {
        var facts = Sample.Facts();
        facts = facts with { State = facts.State with { Apps = [.. Enumerable.Range(0, 500).SelectMany(_ => facts.State.Apps)] } };
        using var stream = new LargestWrite();

        await Exporter.WriteAsync(ExportFormat.Json, ExportWhat.All, facts, stream);

        Assert.True(stream.Length > 1_000_000);
        Assert.InRange(stream.Largest, 1, 200_000);
    }

    [Fact]
    public async Task Findings_read_back_from_csv_are_the_findings()
    {
        var facts = Sample.Facts(names: Hostile.Names);

        var rows = Read(await TextAsync(ExportFormat.Csv, ExportWhat.Findings, facts));

        Assert.Equal(
            facts.State.Findings.Select(finding => (finding.Id, CsvCell.Visible(finding.SubjectName), finding.Rule)).Order(),
            rows.Select(row => (row["id"], CsvCell.Raw(row["subjectName"]), row["rule"])).Order());
    }

    [Fact]
    public async Task Every_scan_has_its_kpis_and_a_missing_value_is_empty()
    {
        var facts = Sample.Facts(scans: 3);

        var rows = Read(await TextAsync(ExportFormat.Csv, ExportWhat.Kpis, facts));

        Assert.Equal(facts.History.Sum(scan => scan.Values.Length), rows.Length);
        Assert.All(rows.Where(row => row["id"] == "dormant-access"), row => Assert.Equal(string.Empty, row["value"]));
        Assert.All(rows.Where(row => row["id"] == "exposed-users-marketing"), row => Assert.Equal("3", row["value"]));
    }

    [Fact]
    public async Task Only_the_csv_with_a_byte_order_mark_begins_with_one()
    {
        var plain = await BytesAsync(ExportFormat.Csv, ExportWhat.Apps, Sample.Facts());
        var marked = await BytesAsync(ExportFormat.CsvWithBom, ExportWhat.Apps, Sample.Facts());

        Assert.Equal([0xEF, 0xBB, 0xBF, .. plain], marked);
    }

    [Fact]
    public async Task The_json_document_says_its_kind_and_version_and_holds_the_whole_scan()
    {
        var facts = Sample.Facts(names: Hostile.Names);

        using var document = JsonDocument.Parse(await BytesAsync(ExportFormat.Json, ExportWhat.All, facts));

        var root = document.RootElement;
        Assert.Equal("governance-export", root.GetProperty("document").GetString());
        Assert.Equal(1, root.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(facts.State.LastScan.Id, root.GetProperty("scan").GetProperty("id").GetString());
        Assert.Equal(facts.State.Apps.Length, root.GetProperty("apps").GetArrayLength());
        Assert.Equal(facts.State.Findings.Length, root.GetProperty("findings").GetArrayLength());
        Assert.Equal(facts.State.Kpis.Length, root.GetProperty("kpis").GetArrayLength());
    }

    [Fact]
    public async Task Json_of_one_kind_leaves_out_the_others()
    {
        using var document = JsonDocument.Parse(await BytesAsync(ExportFormat.Json, ExportWhat.Kpis, Sample.Facts()));

        Assert.Equal(["document", "schemaVersion", "scan", "kpis"], document.RootElement.EnumerateObject().Select(part => part.Name));
    }

    [Fact]
    public async Task Json_lines_hold_one_finding_each_whatever_its_name()
    {
        var facts = Sample.Facts(names: Hostile.Names);

        var lines = Lines(await TextAsync(ExportFormat.JsonLines, ExportWhat.Findings, facts));

        Assert.Equal(facts.State.Findings.Select(finding => finding.Id), lines.Select(line => line.GetProperty("id").GetString()));
        Assert.All(lines, line => Assert.Equal(facts.State.LastScan.Id, line.GetProperty("scanId").GetString()));
    }

    [Fact]
    public async Task Ocsf_findings_have_the_fields_that_the_schema_requires()
    {
        var facts = Sample.Facts(names: Hostile.Names);

        var lines = Lines(await TextAsync(ExportFormat.Ocsf, ExportWhat.Findings, facts));

        Assert.Equal(facts.State.Findings.Length, lines.Length);
        Assert.All(lines, line =>
        {
            Assert.Equal(2, line.GetProperty("category_uid").GetInt32());
            Assert.Equal(2004, line.GetProperty("class_uid").GetInt32());
            Assert.InRange(line.GetProperty("activity_id").GetInt32(), 1, 3);
            Assert.Equal(200400 + line.GetProperty("activity_id").GetInt32(), line.GetProperty("type_uid").GetInt64());
            Assert.InRange(line.GetProperty("time").GetInt64(), 1_700_000_000_000, 1_900_000_000_000);
            Assert.InRange(line.GetProperty("severity_id").GetInt32(), 1, 5);
            Assert.NotEmpty(line.GetProperty("finding_info").GetProperty("uid").GetString()!);
            Assert.NotEmpty(line.GetProperty("finding_info").GetProperty("title").GetString()!);
            Assert.Equal(1, line.GetProperty("finding_info").GetProperty("analytic").GetProperty("type_id").GetInt32());
            Assert.Equal("1.3.0", line.GetProperty("metadata").GetProperty("version").GetString());
            Assert.NotEmpty(line.GetProperty("metadata").GetProperty("product").GetProperty("vendor_name").GetString()!);
            Assert.All(line.GetProperty("evidences").EnumerateArray(), evidence => Assert.True(evidence.TryGetProperty("data", out _)));
        });
    }

    [Fact]
    public async Task A_resolved_finding_is_closed_for_the_siem()
    {
        var facts = Sample.Facts(apps: 200);
        var resolved = facts.State.Findings.Where(finding => !finding.Live).Select(finding => finding.Id).ToHashSet();

        var closed = Lines(await TextAsync(ExportFormat.Ocsf, ExportWhat.Findings, facts))
            .Where(line => line.GetProperty("activity_id").GetInt32() == 3 && line.GetProperty("status_id").GetInt32() == 4)
            .Select(line => line.GetProperty("finding_info").GetProperty("uid").GetString()!).ToHashSet();

        Assert.NotEmpty(resolved);
        Assert.Equal(resolved, closed);
    }

    [Fact]
    public async Task No_name_gets_markup_into_the_markdown_summary()
    {
        var text = await TextAsync(ExportFormat.Markdown, ExportWhat.All, Sample.Facts(names: Hostile.Names, tenant: "[x](https://evil.example) <b>"));

        var unescaped = System.Text.RegularExpressions.Regex.Replace(text, @"\\.", string.Empty);
        Assert.Contains("Söhne", (await TextAsync(ExportFormat.Markdown, ExportWhat.All, Sample.Facts(tenant: "Söhne"))), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[<\[\]`]|https?:|!\(", unescaped);
        Assert.Equal(6, text.Split("\n#").Length + (text.StartsWith("# ", StringComparison.Ordinal) ? 2 : 0));
    }

    private static async Task<string> TextAsync(ExportFormat format, ExportWhat what, StoredFacts facts) =>
        Encoding.UTF8.GetString(await BytesAsync(format, what, facts));

    private static async Task<byte[]> BytesAsync(ExportFormat format, ExportWhat what, StoredFacts facts)
    {
        using var stream = new MemoryStream();
        await Exporter.WriteAsync(format, what, facts, stream);
        return stream.ToArray();
    }

    private static JsonElement[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static Dictionary<string, string>[] Read(string csv)
    {
        using var reader = CsvReader.FromText(csv);
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(at => reader.Headers[at], reader.GetString));
        }

        return [.. rows];
    }

    private sealed class LargestWrite : MemoryStream
    {
        public int Largest { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Largest = Math.Max(Largest, buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
