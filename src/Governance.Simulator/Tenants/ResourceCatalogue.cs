using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>The APIs that apps hold permissions on, with real ids where they are publicly known and stable ones elsewhere.</summary>
internal static class ResourceCatalogue
{
    /// <summary>The tenant that owns Microsoft's services.</summary>
    public static readonly Guid MicrosoftServices = Guid.Parse("f8cdef31-a31e-4b4a-93e4-5f571e91255a");

    private static readonly ImmutableArray<(string Name, string AppId, string Roles, string Scopes)> Known =
    [
        ("Microsoft Graph", "00000003-0000-0000-c000-000000000000", GraphRoles, GraphScopes),
        ("Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000",
            "Sites.Read.All Sites.ReadWrite.All Sites.FullControl.All Sites.Selected",
            "AllSites.Read=4e0d77b0-96ba-4398-af14-3baa780278f4 AllSites.Write=640ddd16-e5b7-4d71-9690-3f4022699ee7 AllSites.Manage=b3f70a70-8a4b-4f95-9573-d71c496a53f4 !AllSites.FullControl=56680e0d-d2a3-4ae1-80d8-3c4f2100e3d0 MyFiles.Read=dd2c8d78-58e1-46d7-82dd-34d411282686 MyFiles.Write=2cfdc887-d7b4-4798-9b33-3d98d6b95dd2 Sites.Search.All"),
        ("Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000",
            "full_access_as_app=dc890d15-9560-4a4c-9b7f-a736ec74ec40 Exchange.ManageAsApp=dc50a0fb-09a3-484d-be87-e023b12c6440",
            "EWS.AccessAsUser.All"),
        ("Windows Azure Active Directory", "00000002-0000-0000-c000-000000000000", "Directory.Read.All", "User.Read !Directory.AccessAsUser.All"),
        ("Power BI Service", "00000009-0000-0000-c000-000000000000", "Tenant.Read.All", "Dataset.Read.All Report.Read.All"),
        ("Windows Azure Service Management API", "797f4846-ba00-4fd7-ba43-dac1f8f63013", "", "user_impersonation"),
        ("Dataverse", "00000007-0000-0000-c000-000000000000", "", "user_impersonation"),
        ("Office 365 Management APIs", "c5393580-f805-4401-95e8-94b7a6ef2fc2", "ActivityFeed.Read", "!ActivityFeed.Read"),
    ];

    private const string GraphRoles =
        "Mail.Read=810c84a8-4a9e-49e6-bf7d-12d183f40d01 Mail.ReadWrite=e2a3a72e-5f79-4c64-b1b1-878b674786c9 "
        + "Mail.Send=b633e1c5-b582-4048-a93e-9f11b44c7e96 Files.Read.All=01d4889c-1287-42c6-ac1f-5d1e02578ef6 "
        + "Files.ReadWrite.All=75359482-378d-4052-8f01-80520e7db3cd Sites.Read.All=332a536c-c7ef-4017-ab91-336970924f0d "
        + "Directory.Read.All=7ab1d382-f21e-4acd-a863-ba3e13f7da61 User.Read.All Group.Read.All Calendars.Read Calendars.ReadWrite "
        + "Chat.Read.All OnlineMeetings.Read.All OnlineMeetingTranscript.Read.All Calls.JoinGroupCall.All Calls.AccessMedia.All Contacts.Read "
        + "AuditLog.Read.All Application.Read.All TeamsActivity.Send Sites.Selected Sites.ReadWrite.All ExternalItem.ReadWrite.All";

    private const string GraphScopes =
        "User.Read=e1fe6dd8-ba31-4d61-89e7-88639da4683d Mail.Read=570282fd-fa5c-430d-a7fd-fc8dc98a9dca "
        + "Mail.ReadWrite=024d486e-b451-40bb-833d-3e66d98c5c73 Mail.Send=e383f46e-2787-4529-855e-0e479a3ffac0 "
        + "Files.Read.All=df85f4d6-205c-4ac5-a5ea-6bf408dba283 Files.ReadWrite.All=863451e7-0667-486c-a5d6-d135439485f0 "
        + "Sites.Read.All=205e70e5-aba6-4c52-a976-6d2d46c48043 !Directory.Read.All=06da0dbc-49e2-44d2-8312-53f166ab848a "
        + "offline_access=7427e0e9-2fba-42fe-b0c0-848c9e6a8182 openid=37f7f235-527c-4136-accd-4a02d197296e "
        + "profile=14dad69e-099b-42c9-810b-d002981feec1 email=64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0 User.ReadBasic.All !User.Read.All "
        + "Calendars.Read Calendars.ReadWrite Contacts.Read Contacts.ReadWrite Files.Read Files.ReadWrite Files.ReadWrite.AppFolder "
        + "Notes.Read Notes.Read.All Chat.Read Chat.ReadWrite ChatMessage.Send !ChannelMessage.Read.All ChannelMessage.Send "
        + "Team.ReadBasic.All Channel.ReadBasic.All OnlineMeetings.Read OnlineMeetings.ReadWrite !OnlineMeetingTranscript.Read.All "
        + "!OnlineMeetingRecording.Read.All People.Read Tasks.Read Tasks.ReadWrite MailboxSettings.Read MailboxSettings.ReadWrite "
        + "!Group.Read.All IMAP.AccessAsUser.All SMTP.Send Presence.Read.All Sites.ReadWrite.All";

    public static int KnownCount => Known.Length;

    /// <summary>The resource at an index: the known ones first, made-up business APIs after.</summary>
    public static SimulatedServicePrincipal Resource(ulong seed, int index, DateTimeOffset created)
    {
        var known = index < Known.Length;
        var (name, appId, roles, scopes) = known
            ? Known[index]
            : ($"Business API {index}", StableGuid.Create(seed, RowKind.AppId, index).ToString(), "Records.Read.All Records.Write.All Reports.Read", "user_impersonation");
        return new SimulatedServicePrincipal
        {
            Id = StableGuid.Create(seed, RowKind.ServicePrincipal, index),
            AppId = Guid.Parse(appId),
            DisplayName = name,
            OwnerTenantId = known ? MicrosoftServices : StableGuid.Create(seed, RowKind.OwnerTenant, index),
            Created = created,
            AppRoles = Permissions(roles, name, RowKind.AppRole),
            Scopes = Permissions(scopes, name, RowKind.Scope),
            SignInAudience = "AzureADMultipleOrgs",
        };
    }

    /// <summary>Reads <c>Name=id</c> or <c>Name</c> items; a leading <c>!</c> means only administrators may consent.</summary>
    public static ImmutableArray<PermissionDefinition> Permissions(string text, string resource, RowKind kind) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item =>
        {
            var parts = item.TrimStart('!').Split('=');
            var id = parts.Length == 2 ? Guid.Parse(parts[1]) : StableGuid.Named(7, kind, resource + "/" + parts[0]);
            return new PermissionDefinition(id, parts[0], item[0] == '!');
        }),
    ];
}
