using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Tests.Rows;

public sealed class ConsentEventRowTests
{
    private const string Client = "7b0c0000-0000-0000-0000-000000000001";

    [Theory]
    [InlineData("Add delegated permission grant")]
    [InlineData("Remove delegated permission grant")]
    public void Growth_is_read_from_the_values_whatever_the_entry_is_called(string activity)
    {
        var read = Read(Grant(activity, "\\\" User.Read\\\"", "\\\" User.Read Mail.Read\\\""));

        Assert.Equal(["Mail.Read"], read!.AddedScopes.ToArray());
        Assert.Empty(read.RemovedScopes);
        Assert.Equal(Guid.Parse(Client), read.ClientId);
        Assert.Equal(Guid.Parse("03ee0000-0000-0000-0000-000000000003"), read.ActorId);
        Assert.False(read.OnBehalfOfAll);
    }

    [Fact]
    public void Shrinking_is_read_as_removal()
    {
        var read = Read(Grant("Remove delegated permission grant", "\\\" User.Read Mail.Read\\\"", "\\\" user.read\\\""));

        Assert.Equal(["Mail.Read"], read!.RemovedScopes.ToArray());
        Assert.Empty(read.AddedScopes);
    }

    [Fact]
    public void The_permissions_of_a_consent_are_read_from_a_text_that_is_not_json()
    {
        var permissions = "\\\"[] => [[Id: a, ClientId: 00000000-0000-0000-0000-000000000000, PrincipalId: , ResourceId: x, ConsentType: AllPrincipals, Scope:  User.Read openid, CreatedDateTime: , LastModifiedDateTime ]]; \\\"";
        var read = Read($$"""
            {"id":"e","activityDateTime":"2026-09-13T01:22:12.5473486Z","activityDisplayName":"Consent to application","correlationId":"e5bb0000-0000-0000-0000-000000000009","result":"success",
            "targetResources":[{"id":"{{Client}}","modifiedProperties":[{"displayName":"ConsentAction.Permissions","oldValue":null,"newValue":"{{permissions}}"},
            {"displayName":"ConsentContext.IsAdminConsent","newValue":"\"True\""},{"displayName":"ConsentContext.OnBehalfOfAll","newValue":"\"True\""}]}]}
            """);

        Assert.Equal(["User.Read", "openid"], read!.AddedScopes.ToArray());
        Assert.Equal((true, true), (read.AdminConsent, read.OnBehalfOfAll));
        Assert.Equal(Guid.Parse(Client), read.ClientId);
    }

    [Theory]
    [InlineData("""{"id":"e","activityDateTime":"2026-09-13T01:22:12Z","activityDisplayName":"Update user"}""")]
    [InlineData("""{"id":"e","activityDateTime":"2026-09-13T01:22:12Z","activityDisplayName":"Consent to application","result":"failure"}""")]
    public void Other_and_failed_entries_are_no_consent_events(string row)
    {
        Assert.Null(Read(row));
    }

    [Fact]
    public void An_entry_without_a_time_cannot_be_read()
    {
        string? fault = null;
        using var row = JsonDocument.Parse("""{"id":"e","activityDisplayName":"Consent to application"}""");

        ConsentEventRow.Read(row.RootElement, ref fault);

        Assert.Equal("id or activityDateTime is missing", fault);
    }

    private static string Grant(string activity, string before, string after) => $$"""
        {"id":"e","activityDateTime":"2026-09-13T01:22:12Z","activityDisplayName":"{{activity}}","initiatedBy":{"app":null,"user":{"id":"03ee0000-0000-0000-0000-000000000003"} },
        "targetResources":[{"id":"911e0000-0000-0000-0000-000000000002","modifiedProperties":[{"displayName":"DelegatedPermissionGrant.Scope","oldValue":"{{before}}","newValue":"{{after}}"},
        {"displayName":"DelegatedPermissionGrant.ConsentType","oldValue":null,"newValue":"\"Principal\""},{"displayName":"ServicePrincipal.ObjectID","oldValue":null,"newValue":"\"{{Client}}\""}]}]}
        """;

    private static ConsentEvent? Read(string row)
    {
        string? fault = null;
        using var document = JsonDocument.Parse(row);
        var read = ConsentEventRow.Read(document.RootElement, ref fault);
        Assert.Null(fault);
        return read;
    }
}
