using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Policy.Revocations;

/// <summary>What one order takes away from one app.</summary>
/// <param name="AppId">Null for an app without one.</param>
/// <param name="WholeApp">True: everything the app holds; then anything more found later is a change.</param>
/// <param name="Items">Sorted by id.</param>
public sealed record RevocationPlan(Guid TenantId, Guid ServicePrincipalId, Guid? AppId, bool WholeApp, ImmutableArray<RevocationItem> Items)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Digest of tenant, app and every item with its scopes: what a sign-off is for.</summary>
    public string Fingerprint => LedgerForm.HashOf(Encoding.UTF8.GetBytes(ToText()));

    /// <param name="only">Graph ids to restrict the plan to; empty for everything the app holds.</param>
    /// <exception cref="ActRefusedException">The app holds nothing, an id is not one of its, or the parts it rests on were not read whole.</exception>
    public static RevocationPlan Of(Inventory inventory, ConsentedApp app, IReadOnlyCollection<string> only)
    {
        foreach (var part in new[] { InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments })
        {
            if (!inventory.Part(part).Complete)
            {
                throw new ActRefusedException($"the last scan did not read {PartNames.Of(part)} whole, so nobody knows what the app holds; scan again");
            }
        }

        var id = app.Principal.Id;
        var held = inventory.Assignments.HeldBy(id).ToArray();
        var roles = RoleNames(inventory, [.. held.Select(role => role.ResourceId)]);
        var rows = inventory.Grants.RowsOf(id);
        var all = Enumerable.Range(rows.Start.Value, rows.End.Value - rows.Start.Value)
            .Select(row => inventory.Grants[row])
            .Select(RevocationItem (grant) => new RevocationItem.Grant(grant.Id, grant.ClientId, grant.ResourceId, grant.PrincipalId, grant.Scope))
            .Concat(held.Select(role => new RevocationItem.Assignment(role.Id, role.PrincipalId, role.ResourceId, role.RoleId) { RoleName = roles.GetValueOrDefault((role.ResourceId, role.RoleId)) }))
            .OrderBy(item => item.Id, StringComparer.Ordinal)
            .ToImmutableArray();
        if (only.FirstOrDefault(wanted => all.All(item => item.Id != wanted)) is { } unknown)
        {
            throw new ActRefusedException($"the app holds no grant '{TenantText.Plain(unknown, 100)}'");
        }

        ImmutableArray<RevocationItem> items = only.Count == 0 ? all : [.. all.Where(item => only.Contains(item.Id))];
        return items.IsEmpty
            ? throw new ActRefusedException("the app holds no consent that could be revoked")
            : new RevocationPlan(inventory.Organization.TenantId, id, app.Principal.AppId, only.Count == 0, items);
    }

    /// <summary>Distinct users named in the plan's grants.</summary>
    public int NamedUsers => Items.OfType<RevocationItem.Grant>().Select(grant => grant.PrincipalId).OfType<Guid>().Distinct().Count();

    /// <summary>True when it ends a consent for everyone.</summary>
    public bool TouchesEveryone => Items.Any(item => item is RevocationItem.Grant { PrincipalId: null });

    /// <summary>Everyone whose access ends.</summary>
    /// <param name="reach">Whom the app reached in the scan that the plan was made from.</param>
    public int UsersOf(Reach reach) => TouchesEveryone ? Math.Max(reach.Users, NamedUsers) : NamedUsers;

    public string ToText() => ToText(json =>
    {
        json.WriteString("tenant", TenantId);
        json.WriteString("servicePrincipal", ServicePrincipalId);
        json.WriteString("appId", AppId?.ToString());
        json.WriteBoolean("wholeApp", WholeApp);
        json.WriteStartArray("items");
        foreach (var item in Items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
    });

    /// <exception cref="FormatException">The text is no plan.</exception>
    public static RevocationPlan Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new RevocationPlan(
                root.GetProperty("tenant").GetGuid(),
                root.GetProperty("servicePrincipal").GetGuid(),
                root.GetProperty("appId").GetString() is { } appId ? Guid.Parse(appId) : null,
                root.GetProperty("wholeApp").GetBoolean(),
                [.. root.GetProperty("items").EnumerateArray().Select(Read)]);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("the plan of the order does not read", broken);
        }
    }

    /// <summary>One item as text: the undo record.</summary>
    public static string ToText(RevocationItem item) => ToText(json =>
    {
        json.WritePropertyName("item");
        Write(json, item);
    });

    /// <exception cref="FormatException">The text is no undo record.</exception>
    public static RevocationItem ReadItem(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement.GetProperty("item"));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("the undo record does not read", broken);
        }
    }

    private static Dictionary<(Guid Resource, Guid Role), string> RoleNames(Inventory inventory, HashSet<Guid> resources)
    {
        var names = new Dictionary<(Guid, Guid), string>();
        foreach (var resource in inventory.ServicePrincipals.Where(principal => resources.Contains(principal.Id)))
        {
            foreach (var role in resource.AppRoles)
            {
                if (!string.IsNullOrWhiteSpace(role.Value))
                {
                    names[(resource.Id, role.Id)] = role.Value;
                }
            }
        }

        return names;
    }

    private static void Write(Utf8JsonWriter json, RevocationItem item)
    {
        json.WriteStartObject();
        json.WriteString("id", item.Id);
        json.WriteString("resource", item.ResourceId);
        switch (item)
        {
            case RevocationItem.Grant grant:
                json.WriteString("kind", "grant");
                json.WriteString("client", grant.ClientId);
                json.WriteString("principal", grant.PrincipalId?.ToString());
                json.WriteString("scope", grant.Scope);
                break;
            case RevocationItem.Assignment assignment:
                json.WriteString("kind", "assignment");
                json.WriteString("principal", assignment.PrincipalId);
                json.WriteString("role", assignment.RoleId);
                if (assignment.RoleName is { } name)
                {
                    // Left out where it is not known, so that plans made before it was kept have the fingerprint they had.
                    json.WriteString("roleName", name);
                }

                break;
        }

        json.WriteEndObject();
    }

    private static RevocationItem Read(JsonElement item)
    {
        var (id, resource) = (item.GetProperty("id").GetString()!, item.GetProperty("resource").GetGuid());
        return item.GetProperty("kind").GetString() switch
        {
            "grant" => new RevocationItem.Grant(
                id, item.GetProperty("client").GetGuid(), resource, item.GetProperty("principal").GetString() is { } principal ? Guid.Parse(principal) : null, item.GetProperty("scope").GetString()!),
            "assignment" => new RevocationItem.Assignment(id, item.GetProperty("principal").GetGuid(), resource, item.GetProperty("role").GetGuid())
            {
                RoleName = item.TryGetProperty("roleName", out var name) ? name.GetString() : null,
            },
            _ => throw new FormatException("an item of a kind not known"),
        };
    }

    private static string ToText(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
