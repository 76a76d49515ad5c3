using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Risk;

public class PermissionTableTests
{
    private static readonly Guid Exchange = Guid.Parse("00000002-0000-0ff1-ce00-000000000000");
    private static readonly Guid PowerBi = Guid.Parse("00000009-0000-0000-c000-000000000000");
    private static readonly PermissionTable Table = PermissionTable.BuiltIn;

    [Theory]
    [InlineData("openid", Severity.None, null)]
    [InlineData("offline_access", Severity.None, null)]
    [InlineData("User.Read", Severity.Low, null)]
    [InlineData("User.ReadBasic.All", Severity.Low, Severity.Medium)]
    [InlineData("User.ReadWrite.All", Severity.High, Severity.Critical)]
    [InlineData("Mail.ReadBasic", Severity.Medium, Severity.High)]
    [InlineData("Mail.ReadBasic.All", null, Severity.High)]
    [InlineData("Mail.Read", Severity.High, Severity.Critical)]
    [InlineData("Mail.Send", Severity.High, Severity.Critical)]
    [InlineData("MailboxSettings.Read", Severity.Low, Severity.Medium)]
    [InlineData("MailboxItem.ImportExport", Severity.High, null)]
    [InlineData("MailboxItem.ImportExport.All", null, Severity.Critical)]
    [InlineData("Contacts.ReadWrite", Severity.Medium, Severity.High)]
    [InlineData("Calendars.Read.Shared", Severity.Medium, null)]
    [InlineData("Files.Read", Severity.Medium, null)]
    [InlineData("Files.Read.All", Severity.High, Severity.Critical)]
    [InlineData("Files.ReadWrite.AppFolder", Severity.Low, Severity.Low)]
    [InlineData("Files.ReadWrite.Selected", Severity.Low, null)]
    [InlineData("Sites.Read.All", Severity.High, Severity.Critical)]
    [InlineData("Sites.FullControl.All", Severity.Critical, Severity.Critical)]
    [InlineData("Sites.Selected", Severity.Low, Severity.Medium)]
    [InlineData("Notes.Read.All", Severity.High, Severity.High)]
    [InlineData("Tasks.ReadWrite.All", null, Severity.Medium)]
    [InlineData("Chat.Read.All", null, Severity.Critical)]
    [InlineData("Chat.ReadWrite.All", Severity.High, Severity.Critical)]
    [InlineData("ChannelMessage.Read.All", Severity.High, Severity.Critical)]
    [InlineData("OnlineMeetings.ReadWrite", Severity.Medium, null)]
    [InlineData("OnlineMeetingTranscript.Read.All", Severity.High, Severity.Critical)]
    [InlineData("OnlineMeetingRecording.Read.All", Severity.High, Severity.Critical)]
    [InlineData("OnlineMeetingAiInsight.Read.All", Severity.High, Severity.High)]
    [InlineData("Calls.AccessMedia.All", null, Severity.Critical)]
    [InlineData("Calls.JoinGroupCall.All", null, Severity.High)]
    [InlineData("AiEnterpriseInteraction.Read", Severity.High, null)]
    [InlineData("AiEnterpriseInteraction.Read.All", null, Severity.Critical)]
    [InlineData("Bookings.Read.All", Severity.Medium, Severity.High)]
    [InlineData("Directory.Read.All", Severity.Medium, Severity.High)]
    [InlineData("Directory.AccessAsUser.All", Severity.Critical, null)]
    [InlineData("Application.ReadWrite.OwnedBy", null, Severity.High)]
    [InlineData("AppRoleAssignment.ReadWrite.All", Severity.Critical, Severity.Critical)]
    [InlineData("RoleManagement.ReadWrite.Directory", Severity.Critical, Severity.Critical)]
    [InlineData("Policy.ReadWrite.PermissionGrant", Severity.Critical, Severity.Critical)]
    [InlineData("UserAuthenticationMethod.ReadWrite.All", Severity.Critical, Severity.Critical)]
    [InlineData("AuditLog.Read.All", Severity.Medium, Severity.High)]
    [InlineData("eDiscovery.Read.All", Severity.High, Severity.Critical)]
    [InlineData("DeviceManagementConfiguration.ReadWrite.All", Severity.High, Severity.Critical)]
    public void Graph_permissions_have_the_severity_of_what_they_open(string value, Severity? delegated, Severity? application)
    {
        foreach (var (kind, expected) in new[] { (PermissionKind.Delegated, delegated), (PermissionKind.Application, application) })
        {
            var rating = Table.Rate(Some.GraphAppId, kind, value);

            Assert.Equal(expected is not null, rating.Rated);
            Assert.True(expected is null || rating.Severity == expected, $"{value} as {kind}: {rating.Severity}");
        }
    }

    [Fact]
    public void Case_and_id_make_no_difference_and_the_kind_does()
    {
        var byName = Table.Rate(Some.GraphAppId, PermissionKind.Delegated, "mail.READ");
        var byId = Table.Rate(Some.GraphAppId, PermissionKind.Application, "810C84A8-4A9E-49E6-BF7D-12D183F40D01");

        Assert.Equal(Severity.High, byName.Severity);
        Assert.Equal(Severity.Critical, byId.Severity);
        Assert.False(byName.TenantWide);
        Assert.True(byId.TenantWide);
        Assert.Equal([DataCategory.CustomerPii, DataCategory.Communications, DataCategory.Content], byName.Categories.AsEnumerable());
    }

    [Theory]
    [InlineData("Mail.Read.Everything")]
    [InlineData("Mail")]
    [InlineData("Mail.Rea")]
    [InlineData("")]
    [InlineData("User.Read.All.None")]
    public void Nothing_is_inherited_from_the_beginning_of_a_name(string value)
    {
        var delegated = Table.Rate(Some.GraphAppId, PermissionKind.Delegated, value);
        var application = Table.Rate(Some.GraphAppId, PermissionKind.Application, value);

        Assert.True(delegated is { Rated: false, Severity: Severity.Medium, Categories.IsEmpty: true });
        Assert.True(application is { Rated: false, Severity: Severity.High, TenantWide: true });
        Assert.Contains("Not in the permission table", delegated.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_known_on_one_api_says_nothing_about_another()
    {
        var foreign = Guid.Parse("77777777-0000-4000-8000-000000000007");

        Assert.False(Table.Rate(foreign, PermissionKind.Delegated, "Mail.Read").Rated);
        Assert.False(Table.Rate(null, PermissionKind.Application, "Mail.Read").Rated);
        Assert.True(Table.Rate(null, PermissionKind.Delegated, "openid") is { Rated: true, Severity: Severity.None });
        Assert.True(Table.Rate(foreign, PermissionKind.Delegated, "user_impersonation") is { Rated: true, Severity: Severity.Medium });
    }

    [Fact]
    public void Other_apis_are_rated_for_what_they_open()
    {
        Assert.Equal(Severity.Critical, Table.Rate(Exchange, PermissionKind.Application, "full_access_as_app").Severity);
        Assert.Equal(Severity.Critical, Table.Rate(Exchange, PermissionKind.Application, "dc890d15-9560-4a4c-9b7f-a736ec74ec40").Severity);
        Assert.Equal(Severity.High, Table.Rate(Exchange, PermissionKind.Delegated, "EWS.AccessAsUser.All").Severity);
        Assert.Contains(DataCategory.CampaignPerformance, Table.Rate(PowerBi, PermissionKind.Delegated, "Dataset.Read.All").Categories);
    }

    [Fact]
    public void Every_entry_says_why_in_one_sentence_and_states_a_day_and_sources()
    {
        using var stream = typeof(PermissionTable).Assembly.GetManifestResourceStream("Governance.Core.Risk.permissions.json")!;
        using var json = JsonDocument.Parse(stream);

        var families = json.RootElement.GetProperty("resources").EnumerateArray().SelectMany(resource => resource.GetProperty("families").EnumerateArray()).ToArray();

        Assert.All(families, family =>
        {
            var reason = family.GetProperty("reason").GetString()!;
            Assert.True(reason.EndsWith('.') && reason.Count(letter => letter == '.') == 1 && reason.Length is > 15 and < 200, reason);
            Assert.True(family.TryGetProperty("delegated", out _) || family.TryGetProperty("application", out _));
            Assert.NotEqual(0, family.GetProperty("names").GetArrayLength());
        });
        Assert.NotEqual(0, json.RootElement.GetProperty("sources").GetArrayLength());
        Assert.Equal(Table.Version, json.RootElement.GetProperty("version").GetString());
        Assert.True(Table.Count > 1_600, $"{Table.Count}");
    }

    [Theory]
    [InlineData("""{"appId":"00000003-0000-0000-c000-000000000000","name":"G","families":[{"delegated":"hihg","categories":[],"writes":false,"tenantWide":"no","reason":"x","names":["A"]}]}""")]
    [InlineData("""{"appId":"00000003-0000-0000-c000-000000000000","name":"G","families":[{"delegated":"3","categories":[],"writes":false,"tenantWide":"no","reason":"x","names":["A"]}]}""")]
    [InlineData("""{"appId":"00000003-0000-0000-c000-000000000000","name":"G","families":[{"delegated":"high","categories":["pii"],"writes":false,"tenantWide":"no","reason":"x","names":["A"]}]}""")]
    [InlineData("""{"appId":"00000003-0000-0000-c000-000000000000","name":"G","families":[{"delegated":"high","categories":[],"writes":false,"tenantWide":"maybe","reason":"x","names":["A"]}]}""")]
    [InlineData("""{"appId":"00000003-0000-0000-c000-000000000000","name":"G","families":[{"delegated":"high","categories":[],"writes":false,"tenantWide":"no","reason":"x","names":["A","a"]}]}""")]
    public void A_table_that_contradicts_itself_is_refused(string resource)
    {
        using var json = JsonDocument.Parse($$"""{"version":"1","unrated":{"delegated":"medium","application":"high"},"anywhere":[],"resources":[{{resource}}]}""");

        Assert.Throws<FormatException>(() => PermissionTableJson.Read(json.RootElement));
    }
}
