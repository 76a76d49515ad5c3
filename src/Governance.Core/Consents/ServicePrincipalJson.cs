using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Governance.Core.Consents;

/// <summary>Reads single service principals from Graph's JSON, for files with one a line; whole tenants are read faster elsewhere.</summary>
public static class ServicePrincipalJson
{
    /// <summary>Members that are missing, null or of another type count as not stated; unknown ones are passed over.</summary>
    /// <remarks>An <c>id</c> that is no GUID gives an empty one: such files are for judging names, not for keeping.</remarks>
    public static ServicePrincipal Read(JsonElement app) => new()
    {
        Id = Id(app, "id") ?? Guid.Empty,
        AppId = Id(app, "appId"),
        DisplayName = Text(app, "displayName"),
        AppDisplayName = Text(app, "appDisplayName"),
        OwnerTenantId = Id(app, "appOwnerOrganizationId"),
        Type = Text(app, "servicePrincipalType"),
        Enabled = Flag(app, "accountEnabled"),
        VerifiedPublisher = Publisher(app),
        PublisherName = Text(app, "publisherName"),
        CreatedAt = Time(app, "createdDateTime"),
        Homepage = Text(app, "homepage"),
        ReplyUrls = Texts(app, "replyUrls"),
        Tags = Texts(app, "tags"),
        AssignmentRequired = Flag(app, "appRoleAssignmentRequired") ?? false,
        DisabledByMicrosoft = Text(app, "disabledByMicrosoftStatus"),
    };

    private static VerifiedPublisher? Publisher(JsonElement app) =>
        app.TryGetProperty("verifiedPublisher", out var publisher) && publisher.ValueKind == JsonValueKind.Object && Text(publisher, "displayName") is { } name
            ? new VerifiedPublisher(name, Text(publisher, "verifiedPublisherId"), Time(publisher, "addedDateTime"))
            : null;

    private static string? Text(JsonElement from, string member) =>
        from.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? Text(value) : null;

    private static ImmutableArray<string> Texts(JsonElement from, string member) =>
        from.TryGetProperty(member, out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(Text).OfType<string>()]
            : [];

    /// <summary>Null for a text with half a surrogate pair, which is no text.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Guid? Id(JsonElement from, string member) => Guid.TryParse(Text(from, member), out var id) ? id : null;

    private static bool? Flag(JsonElement from, string member) =>
        from.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static DateTimeOffset? Time(JsonElement from, string member) =>
        DateTimeOffset.TryParse(Text(from, member), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
}
