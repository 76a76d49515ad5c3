using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Offline;

/// <summary>Reads the database that ROADrecon gathers (<c>roadrecon.db</c>): apps, grants, assignments and users of one moment.</summary>
/// <remarks>
/// Tables and columns are those of ROADtools, stored copies read 2026-11-22. The tool states no counts and loops on errors, so nothing proves that
/// a table is whole: every part is partial and nothing is taken from absence.
/// </remarks>
public sealed class RoadreconSource(string path, TimeProvider time) : IConsentSource
{
    private const string Unproven = "a ROADrecon database does not say whether the collection was read whole";

    public ScanMode Mode => ScanMode.Offline;

    /// <summary>True when the file begins as a SQLite database does.</summary>
    public static bool Recognises(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        var head = new byte[16];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual("SQLite format 3\0"u8);
    }

    /// <inheritdoc/>
    public Task<SourceReading> ReadAsync(IProgress<ReadProgress> progress, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            SQLitePCL.Batteries_V2.Init();
            try
            {
                using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
                connection.Open();
                return new SourceReading(Read(connection, cancellationToken), new RequestCounts(0, 0, 0));
            }
            catch (SqliteException fault)
            {
                throw new SourceFormatException(Path.GetFileName(path), $"it is no ROADrecon database: {fault.Message}", fault);
            }
        },
        cancellationToken);

    private Inventory Read(SqliteConnection connection, CancellationToken cancellationToken)
    {
        var unreadable = new Dictionary<InventoryPart, int>();
        var tenant = Rows(connection, "TenantDetails").Select(row => (Id: Id(row, "objectId"), Name: Text(row, "displayName"), Country: Text(row, "countryLetterCode"))).FirstOrDefault();
        if (tenant.Id is not { } tenantId)
        {
            throw new SourceFormatException(Path.GetFileName(path), "the table TenantDetails does not say which tenant it is");
        }

        var principals = new Dictionary<Guid, ServicePrincipal>();
        foreach (var row in Rows(connection, "ServicePrincipals"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Take(InventoryPart.ServicePrincipals, Id(row, "objectId"), id => principals[id] = Principal(row, id));
        }

        var grants = new DelegatedPermissionGrantsBuilder();
        foreach (var row in Rows(connection, "OAuth2PermissionGrants"))
        {
            var principal = Id(row, "principalId");
            var everyone = string.Equals(Text(row, "consentType"), "AllPrincipals", StringComparison.OrdinalIgnoreCase);
            var resource = everyone || principal is not null ? Id(row, "resourceId") : null;
            Take(InventoryPart.Oauth2PermissionGrants, resource is null ? null : Id(row, "clientId"), client =>
                grants.Add(new DelegatedPermissionGrant(Text(row, "objectId") ?? string.Empty, client, resource!.Value, everyone ? null : principal, Text(row, "scope") ?? string.Empty)));
        }

        var assignments = new AppRoleAssignmentsBuilder();
        foreach (var row in Rows(connection, "AppRoleAssignments"))
        {
            var (resource, role) = (Id(row, "resourceId"), Id(row, "id"));
            Take(InventoryPart.AppRoleAssignments, resource is null || role is null ? null : Id(row, "principalId"), principal => assignments.Add(new AppRoleAssignment(
                Text(row, "objectId") ?? string.Empty, resource!.Value, principal, Kind(Text(row, "principalType")), role!.Value, Time(row, "creationTimestamp"))));
        }

        var users = new UsersBuilder();
        foreach (var row in Rows(connection, "Users"))
        {
            Take(InventoryPart.Users, Id(row, "objectId"), id =>
                users.Add(new DirectoryUser(id, Text(row, "department"), Flag(row, "accountEnabled"), string.Equals(Text(row, "userType"), "Guest", StringComparison.OrdinalIgnoreCase))));
        }

        var (granted, assigned, people) = (grants.Build(), assignments.Build(), users.Build());
        return new Inventory
        {
            Organization = new Organization(tenantId, tenant.Name ?? string.Empty, tenant.Country),
            ReadAt = time.GetUtcNow(),
            ServicePrincipals = [.. principals.Values.OrderBy(principal => principal.Id)],
            Grants = granted,
            Assignments = assigned,
            Users = people,
            Parts =
            [
                Part(InventoryPart.ServicePrincipals, principals.Count),
                Part(InventoryPart.Oauth2PermissionGrants, granted.Count),
                Part(InventoryPart.AppRoleAssignments, assigned.Count),
                Part(InventoryPart.Users, people.Count),
                .. new[] { InventoryPart.ConsentEvents, InventoryPart.ConsentRequests, InventoryPart.SignInActivity, InventoryPart.AgentIdentities }
                    .Select(part => PartReading.Unavailable(part, "a ROADrecon database cannot contain it")),
            ],
        };

        void Take(InventoryPart part, Guid? id, Action<Guid> take)
        {
            if (id is { } known)
            {
                take(known);
            }
            else
            {
                unreadable[part] = unreadable.GetValueOrDefault(part) + 1;
            }
        }

        PartReading Part(InventoryPart part, int items) => new(
            part, PartStatus.Partial, items, null, 0, 0, unreadable.TryGetValue(part, out var lost) ? $"{Unproven}; {lost} rows unreadable" : Unproven, null);
    }

    /// <summary>Rows of a table by column; a table that is not there is a broken source, an empty one is not.</summary>
    private static IEnumerable<Dictionary<string, object>> Rows(SqliteConnection connection, string table)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The table is one of this file's own names, never input.
        command.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
            for (var column = 0; column < reader.FieldCount; column++)
            {
                if (!reader.IsDBNull(column))
                {
                    row[reader.GetName(column)] = reader.GetValue(column);
                }
            }

            yield return row;
        }
    }

    private static ServicePrincipal Principal(Dictionary<string, object> row, Guid id) => new()
    {
        Id = id,
        AppId = Id(row, "appId"),
        DisplayName = Text(row, "displayName"),
        AppDisplayName = Text(row, "appDisplayName"),
        OwnerTenantId = Id(row, "appOwnerTenantId"),
        Type = Text(row, "servicePrincipalType"),
        Enabled = Flag(row, "accountEnabled"),
        PublisherName = Text(row, "publisherName"),
        VerifiedPublisher = Publisher(row),
        Homepage = Text(row, "homepage"),
        ReplyUrls = Texts(row, "replyUrls"),
        Tags = Texts(row, "tags"),
        AssignmentRequired = Flag(row, "appRoleAssignmentRequired") == true,
        DisabledByMicrosoft = Text(row, "disabledByMicrosoftStatus"),
        AppRoles = Roles(row),
    };

    private static VerifiedPublisher? Publisher(Dictionary<string, object> row) =>
        Json(row, "verifiedPublisher") is { ValueKind: JsonValueKind.Object } publisher
        && publisher.TryGetProperty("displayName", out var name) && name.ValueKind == JsonValueKind.String
            ? new VerifiedPublisher(name.GetString()!, publisher.TryGetProperty("verifiedPublisherId", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null, null)
            : null;

    private static ImmutableArray<AppRole> Roles(Dictionary<string, object> row) => Json(row, "appRoles") is { ValueKind: JsonValueKind.Array } roles
        ?
        [
            .. roles.EnumerateArray()
                .Where(role => role.ValueKind == JsonValueKind.Object && role.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out _))
                .Select(role => new AppRole(
                    role.GetProperty("id").GetGuid(), role.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)),
        ]
        : [];

    private static ImmutableArray<string> Texts(Dictionary<string, object> row, string column) => Json(row, column) is { ValueKind: JsonValueKind.Array } values
        ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
        : [];

    private static JsonElement? Json(Dictionary<string, object> row, string column)
    {
        try
        {
            return Text(row, column) is { } text ? JsonDocument.Parse(text).RootElement : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(Dictionary<string, object> row, string column) => row.TryGetValue(column, out var value) ? value as string : null;

    private static Guid? Id(Dictionary<string, object> row, string column) => Guid.TryParse(Text(row, column), out var id) ? id : null;

    private static bool? Flag(Dictionary<string, object> row, string column) => row.TryGetValue(column, out var value) && value is long number ? number != 0 : null;

    private static DateTimeOffset? Time(Dictionary<string, object> row, string column) =>
        DateTimeOffset.TryParse(Text(row, column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;

    private static AssigneeKind Kind(string? type) => Enum.TryParse<AssigneeKind>(type, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : AssigneeKind.Unknown;
}
