using System.Buffers;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>Looks up users that new grants name and no list or change has told of yet.</summary>
internal static class NewPrincipals
{
    /// <summary>Ids that Graph takes in one call.</summary>
    private const int MostIds = 1_000;

    /// <returns>The users with those found; the reading is partial when some could not be asked for.</returns>
    public static async Task<(Users Users, PartReading Reading)> LookUpAsync(TenantRead read, Users users, PartReading reading, IEnumerable<Guid> named)
    {
        var unknown = named.Where(id => users.RowOf(id) < 0).ToArray();
        var meter = new RequestMeter(read.Meter);
        var found = new UserChanges(users);
        foreach (var ids in unknown.Chunk(MostIds))
        {
            var rows = new UserRows((id, department, enabled, guest) =>
                found.Put(new DirectoryUser(id, department.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(department), enabled, guest)));
            try
            {
                var request = new PageRequest(read.Endpoint.At(GraphQueries.UsersByIds()), InventoryPart.Users, false, meter, read.Directory, Body(ids));
                await read.Client.PageAsync(request, rows, read.Token).ConfigureAwait(false);
            }
            catch (GraphFault fault)
            {
                var reason = $"{unknown.Length} users of new grants could not be looked up: {fault.Words(Rights.Of(InventoryPart.Oauth2PermissionGrants))}";
                return (users, reading with
                {
                    Status = PartStatus.Partial, Requests = reading.Requests + meter.Sent, Reason = reading.Reason is null ? reason : $"{reading.Reason}; {reason}",
                });
            }

            rows.Keep();
        }

        var all = found.Applied();
        return (all, reading with { Items = all.Count, Requests = reading.Requests + meter.Sent });
    }

    private static byte[] Body(Guid[] ids)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("ids");
            foreach (var id in ids)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
            json.WriteStartArray("types");
            json.WriteStringValue("user");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
