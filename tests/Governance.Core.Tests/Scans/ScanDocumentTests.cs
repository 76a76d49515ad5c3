using System.Buffers;
using System.Text.Json;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Policy;
using Governance.Core.Risk;
using Governance.Core.Scans;

namespace Governance.Core.Tests.Scans;

public class ScanDocumentTests
{
    private static ScanReport Report(params AssessedApp[] apps) => new(
        new Scan("20260401T020000000Zab", Some.TenantId, "Brightwave", ScanMode.Full, ScanStatus.Partial, Some.Moment, Some.Moment.AddMinutes(1),
            Some.Parts(InventoryPart.Users), new RequestCounts(9, 2, 1), 3, "p1", "c1"),
        [.. apps],
        [Some.Finding() with { Evidence = [new("users", "3")] }],
        [new KpiValue("approval-coverage", 66.7m, "percent", 90m, null, Trend.None, 3, 1, true, null) { Parts = [new("a", 1m, 0.5m)] }, new KpiValue("cost-scenario", null, "money", null, null, Trend.None, 0, 1, true, "off")],
        [],
        []);

    private static JsonElement Written(ScanReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ScanDocument.Write(buffer, report, report.Notable);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    [Fact]
    public void The_scan_has_the_promised_names()
    {
        var document = Written(Report());
        var scan = document.GetProperty("scan");

        Assert.Equal(["scan", "apps", "findings", "kpis"], Names(document));
        Assert.Empty(new[] { "id", "tenantId", "mode", "status", "startedAt", "completedAt", "parts", "requests" }.Except(Names(scan)));
        Assert.Equal(("full", "partial"), (scan.GetProperty("mode").GetString(), scan.GetProperty("status").GetString()));
        Assert.Equal("2026-04-01T02:00:00.000Z", scan.GetProperty("startedAt").GetString());
        Assert.Equal(
            ["servicePrincipals", "oauth2PermissionGrants", "appRoleAssignments", "users", "consentEvents", "consentRequests", "signInActivity", "agentIdentities"],
            scan.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString()!));
        Assert.Equal(["name", "status", "items", "expected", "pages", "requests", "reason"], Names(scan.GetProperty("parts")[3]));
        Assert.Equal("cut short", scan.GetProperty("parts")[3].GetProperty("reason").GetString());
        Assert.Equal(["total", "retries", "throttled"], Names(scan.GetProperty("requests")));
    }

    [Fact]
    public void An_app_has_the_promised_names_and_values()
    {
        var app = Some.Assessed(
            1,
            GovernanceState.UnderReview,
            Severity.High,
            [Some.Rated("Mail.Read", Severity.High, DataCategory.CustomerPii, DataCategory.IdentityDirectory), Some.Rated(Some.Role("User.Read.All"), Severity.Critical)],
            Some.Reach(3, false, ("Marketing", 2)),
            Some.Classification(Some.Ai(AiVerdict.AiFeature) with { Evidence = [Some.Sign(0.25)] }, Some.Lookalike()));

        var json = Written(Report(app)).GetProperty("apps")[0];

        Assert.Equal(
            [
                "servicePrincipalId", "appId", "displayName", "publisher", "firstParty", "ai", "lookalike", "risk", "reach", "permissions", "grants",
                "governance", "firstSeen", "lastSeen", "lastSignIn",
            ],
            Names(json));
        Assert.Equal(["verdict", "confidence", "category", "vendor", "evidence"], Names(json.GetProperty("ai")));
        Assert.Equal("aiFeature", json.GetProperty("ai").GetProperty("verdict").GetString());
        Assert.Equal("""{"signal":"genericName","value":"Notetaker","matched":"notetaker","weight":0.25}""", Compact(json.GetProperty("ai").GetProperty("evidence")[0]));
        Assert.Equal("""{"imitates":"Chat Tool","technique":"confusable","evidence":[]}""", Compact(json.GetProperty("lookalike")));
        Assert.Equal("high", json.GetProperty("risk").GetProperty("level").GetString());
        Assert.Equal("""{"users":3,"tenantWide":false,"byDepartment":{"Marketing":2},"unattributed":1}""", Compact(json.GetProperty("reach")));
        Assert.Equal(
            """{"resource":"Microsoft Graph","value":"Mail.Read","severity":"high","dataCategories":["customerPii","identityDirectory"]}""",
            Compact(json.GetProperty("permissions").GetProperty("delegated")[0]));
        Assert.Equal("critical", json.GetProperty("permissions").GetProperty("application")[0].GetProperty("severity").GetString());
        Assert.Equal("underReview", json.GetProperty("governance").GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("lastSignIn").ValueKind);
    }

    [Fact]
    public void Findings_and_KPIs_have_the_promised_names_and_null_where_there_is_no_value()
    {
        var document = Written(Report());
        var finding = document.GetProperty("findings")[0];
        var kpi = document.GetProperty("kpis")[0];

        Assert.Empty(new[] { "id", "rule", "severity", "state", "subject", "title", "evidence" }.Except(Names(finding)));
        Assert.Equal("""[{"name":"users","value":"3"}]""", Compact(finding.GetProperty("evidence")));
        Assert.Empty(new[] { "id", "value", "unit", "target", "previous", "trend", "sampleSize", "definitionVersion", "complete" }.Except(Names(kpi)));
        Assert.Equal(("66.7", "none"), (kpi.GetProperty("value").GetRawText(), kpi.GetProperty("trend").GetString()));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("kpis")[1].GetProperty("value").ValueKind);
    }

    [Theory]
    [InlineData("\"},{\"injected\":true")]
    [InlineData("line\nbreak\u001b[31m\u0000")]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("\u202Egnp.exe \u200B雪 😀")]
    [InlineData("")]
    public void Hostile_names_come_back_as_they_were(string name)
    {
        var app = Written(Report(Some.Assessed(principal: Some.Principal(name: name)))).GetProperty("apps")[0];

        Assert.Equal(name, app.GetProperty("displayName").GetString());
        Assert.Equal(15, Names(app).Length);
    }

    [Fact]
    public void A_broken_surrogate_does_not_break_the_document()
    {
        var app = Written(Report(Some.Assessed(principal: Some.Principal(name: "bad \uD800 name")))).GetProperty("apps")[0];

        Assert.Equal("bad \uFFFD name", app.GetProperty("displayName").GetString());
    }

    [Fact]
    public void A_large_report_goes_out_in_pieces()
    {
        using var stream = new LargestWrite();

        ScanDocument.Write(stream, Report(), Enumerable.Range(1, 3000).Select(number => Some.Assessed(number)));

        Assert.True(stream.Total > 1_000_000);
        Assert.InRange(stream.Largest, 1, 200_000);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private sealed class LargestWrite : Stream
    {
        public long Total { get; private set; }

        public int Largest { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Total;

        public override long Position { get => Total; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Total += buffer.Length;
            Largest = Math.Max(Largest, buffer.Length);
        }

        public override void Flush()
        {
            // Everything was counted on arrival.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
