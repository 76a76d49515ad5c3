using System.Text.Json;

namespace Governance.Simulator.Wire;

/// <summary>POST <c>/directoryObjects/getByIds</c>: users, groups and service principals by id; unknown ids are left out.</summary>
internal static class GetByIds
{
    private const int MostIds = 1_000;

    public static Reply Answer(GraphCall call)
    {
        var body = call.BodyObject();
        if (!body.TryGetProperty("ids", out var ids) || ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() > MostIds)
        {
            throw GraphException.BadRequest($"The 'ids' property is required and holds at most {MostIds} ids.");
        }

        var types = body.TryGetProperty("types", out var wanted) && wanted.ValueKind == JsonValueKind.Array
            ? wanted.EnumerateArray().Select(type => type.GetString()).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : null;
        var select = call.Option("select");
        var user = DirectoryReads.TypedUser.Writer(DirectoryReads.TypedUser.Known(select));
        var app = TypedServicePrincipal.Writer(TypedServicePrincipal.Known(select));
        var group = TypedGroup.Writer(TypedGroup.Known(select));
        var rows = new List<Action<Utf8JsonWriter>>();
        foreach (var text in ids.EnumerateArray())
        {
            if (text.ValueKind != JsonValueKind.String || !Guid.TryParse(text.GetString(), out var id))
            {
                throw GraphException.BadRequest($"Invalid GUID: {text}");
            }

            if (Wants("user") && call.State.Users.TryFind(id, out var foundUser))
            {
                rows.Add(json => user(json, foundUser));
            }
            else if (Wants("servicePrincipal") && call.State.ServicePrincipals.TryFind(id, out var foundApp))
            {
                rows.Add(json => app(json, foundApp));
            }
            else if (Wants("group") && call.State.Groups.FirstOrDefault(candidate => candidate.Id == id) is { } foundGroup)
            {
                rows.Add(json => group(json, foundGroup));
            }
        }

        return new PageReply<Action<Utf8JsonWriter>>(rows, (json, write) => write(json))
        {
            Context = "directoryObjects",
            Root = call.Root,
            Number = 1,
            SamePlaceLink = $"{call.Root}/{call.Path}",
        };

        bool Wants(string type) => types is null || types.Contains(type) || types.Contains("directoryObject");
    }

    private static readonly RowShape<Tenants.SimulatedServicePrincipal> TypedServicePrincipal =
        Shapes.ServicePrincipal.With((json, _) => json.WriteString("@odata.type", "#microsoft.graph.servicePrincipal"));

    private static readonly RowShape<Tenants.SimulatedGroup> TypedGroup =
        DirectoryReads.GroupShape.With((json, _) => json.WriteString("@odata.type", "#microsoft.graph.group"));
}
