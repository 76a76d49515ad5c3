using System.Text;
using System.Text.Json.Nodes;
using Governance.Core.Findings;
using Governance.Core.Risk;
using Governance.Core.Scans.Records;
using Governance.State.Contract;

namespace Governance.Core.Tests.Scans.Records;

public sealed class RecordJsonTests
{
    private static readonly DateTimeOffset Start = SampleScans.Start;

    [Fact]
    public void Apps_findings_events_scans_and_kpi_values_read_back_equal()
    {
        var commit = SampleScans.Changed(SampleScans.First(SampleScans.Tenant, apps: 40));
        var start = commit.Scan.StartedAt;

        var read = commit with
        {
            Scan = ScanRecords.ToScan(ScanRecords.ToBytes(commit.Scan), "scan"),
            Apps = [.. commit.Apps.Select(app => KeptRecord.Of(app, start).ToApp(start, "app"))],
            Findings = [.. commit.Findings.Select(finding => KeptRecord.Of(finding, start).ToFinding(start, "finding"))],
            Events = [.. commit.Events.Select(happened => ScanRecords.ToEvent(ScanRecords.ToBytes(happened), "event"))],
            Kpis = ScanRecords.ToKpis(ScanRecords.ToBytes(commit.Kpis), "kpis"),
        };

        Assert.Equal(Plain.Of(SampleScans.StateAfter(commit)), Plain.Of(SampleScans.StateAfter(read)));
        Assert.Equal(Plain.Of(commit.Events), Plain.Of(read.Events));
    }

    [Fact]
    public void Being_seen_again_changes_nothing_that_is_kept()
    {
        var app = SampleScans.First(SampleScans.Tenant).Apps[0];
        var later = Start.AddDays(1);

        var first = KeptRecord.Of(app, Start).Digest();

        Assert.Equal(first, KeptRecord.Of(app with { LastSeen = later }, later).Digest());
        Assert.NotEqual(first, KeptRecord.Of(app, later).Digest());
        Assert.NotEqual(first, KeptRecord.Of(app with { FirstSeen = Start.AddTicks(-1) }, Start).Digest());
    }

    [Fact]
    public void Two_times_not_seen_have_two_digests()
    {
        var finding = SampleScans.First(SampleScans.Tenant).Findings[0];
        var later = Start.AddDays(5);

        var one = KeptRecord.Of(finding with { LastSeen = Start.AddDays(1) }, later).Digest();
        var other = KeptRecord.Of(finding with { LastSeen = Start.AddDays(2) }, later).Digest();

        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Enums_are_kept_by_name_and_computed_properties_not_at_all()
    {
        var app = SampleScans.First(SampleScans.Tenant).Apps[0];

        var json = JsonNode.Parse(KeptRecord.Of(app, Start).Body)!["app"]!;

        Assert.Equal("Ai", (string?)json["classification"]!["ai"]!["verdict"]);
        Assert.Null(json["aiInUse"]);
        Assert.Null(json["app"]!["delegated"]);
    }

    [Fact]
    public void A_rating_of_an_earlier_table_stays_as_it_was_given()
    {
        var app = SampleScans.First(SampleScans.Tenant).Apps.First(candidate => !candidate.Permissions.IsEmpty);
        var json = JsonNode.Parse(KeptRecord.Of(app, Start).Body)!;
        var rating = json["ratings"]![0]!;
        var (listed, given) = (app.Permissions[0].Rating.Severity, app.Permissions[0].Rating.Severity == Severity.Low ? Severity.High : Severity.Low);
        rating["severity"] = given.ToString();

        var read = new KeptRecord(Encoding.UTF8.GetBytes(json.ToJsonString()), null).ToApp(Start, "app");

        Assert.NotEqual(listed, read.Permissions[0].Rating.Severity);
        Assert.Equal(given, read.Permissions[0].Rating.Severity);
        Assert.NotEmpty(read.Permissions[0].Rating.Reason);
    }

    [Fact]
    public void An_app_with_a_rating_too_few_is_damaged()
    {
        var app = SampleScans.First(SampleScans.Tenant).Apps.First(candidate => !candidate.Permissions.IsEmpty);
        var json = JsonNode.Parse(KeptRecord.Of(app, Start).Body)!;
        json["ratings"]!.AsArray().RemoveAt(0);

        Assert.Throws<RecordDamagedException>(() => new KeptRecord(Encoding.UTF8.GetBytes(json.ToJsonString()), null).ToApp(Start, "app"));
    }

    [Fact]
    public void Fields_of_a_later_program_are_passed_over()
    {
        var finding = SampleScans.First(SampleScans.Tenant).Findings[0];
        var json = JsonNode.Parse(KeptRecord.Of(finding, Start).Body)!;
        json["assignedTo"] = new JsonObject { ["deep"] = new JsonArray(1, 2) };

        var read = new KeptRecord(Encoding.UTF8.GetBytes(json.ToJsonString()), null).ToFinding(Start, "finding");

        Assert.Equal(Plain.Of([finding]), Plain.Of([read]));
    }

    [Theory]
    [InlineData("rule", null)]
    [InlineData("severity", "\"Terrible\"")]
    [InlineData("evidence", "null")]
    [InlineData("tenantId", "\"not-a-guid\"")]
    [InlineData("title", "null")]
    public void A_field_that_is_missing_or_wrong_is_damage_with_the_name_of_the_record(string field, string? value)
    {
        var json = JsonNode.Parse(KeptRecord.Of(SampleScans.First(SampleScans.Tenant).Findings[0], Start).Body)!.AsObject();
        json.Remove(field);
        if (value is not null)
        {
            json[field] = JsonNode.Parse(value);
        }

        var fault = Assert.Throws<RecordDamagedException>(() => new KeptRecord(Encoding.UTF8.GetBytes(json.ToJsonString()), null).ToFinding(Start, "finding f-1"));

        Assert.Equal("finding f-1", fault.Record);
    }

    [Fact]
    public void A_cut_record_is_damage()
    {
        var body = ScanRecords.ToBytes(SampleScans.First(SampleScans.Tenant).Scan);

        for (var length = 0; length < body.Length; length++)
        {
            Assert.Throws<RecordDamagedException>(() => ScanRecords.ToScan(body.AsSpan(0, length), "scan"));
        }
    }

    [Fact]
    public void A_resolved_finding_keeps_who_resolved_it_and_when()
    {
        var finding = SampleScans.First(SampleScans.Tenant).Findings[0] with { State = FindingState.Resolved, ResolvedAt = Start, ResolvedBy = "revocation 7" };

        var read = KeptRecord.Of(finding, Start.AddDays(3)).ToFinding(Start.AddDays(9), "finding");

        Assert.Equal(Plain.Of([finding]), Plain.Of([read]));
    }
}
