using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>What the directory answered for one id.</summary>
/// <param name="Exists">False when the directory has no such object; without meaning beside <paramref name="Unknown"/>.</param>
/// <param name="Row">Only of an object that exists.</param>
/// <param name="Unknown">Why the answer says nothing of the object; null when it does.</param>
internal readonly record struct ObjectById<T>(string Id, bool Exists, T? Row, string? Unknown);

/// <summary>Asks for single objects of a collection by their ids, twenty in a call.</summary>
/// <remarks>Only a 404 of the code for an object that does not exist proves that it does not.</remarks>
internal static class ObjectsById
{
    /// <param name="reader">Makes the reader of a row, which hands it to the action it is given.</param>
    /// <returns>One answer for each id, in their order.</returns>
    public static async Task<List<ObjectById<T>>> ReadAsync<T>(
        TenantRead read, InventoryPart part, IEnumerable<string> ids, RequestMeter meter, Func<Action<(string Id, T Row)>, PageRows> reader)
    {
        var objects = new List<ObjectById<T>>();
        foreach (var twenty in ids.Chunk(GraphBatch.MostItems))
        {
            var links = twenty.Select(id => "/" + GraphQueries.One(part, id)).ToArray();
            var answers = await GraphBatch.AskAsync(read, links, part, meter).ConfigureAwait(false);
            for (var i = 0; i < twenty.Length; i++)
            {
                objects.Add(await OfAsync(read, part, twenty[i], answers[i], meter, reader).ConfigureAwait(false));
            }
        }

        return objects;
    }

    private static async Task<ObjectById<T>> OfAsync<T>(
        TenantRead read, InventoryPart part, string id, BatchAnswer answer, RequestMeter meter, Func<Action<(string Id, T Row)>, PageRows> reader)
    {
        (string Id, T Row)? found = null;
        var rows = reader(row => found = row);
        try
        {
            if (answer.Fault is not null)
            {
                throw answer.Fault;
            }

            if (answer.Body is null || !TryParse(answer.Body, rows))
            {
                var address = read.Endpoint.At(GraphQueries.One(part, id));
                var request = new PageRequest(address, part, false, meter, read.Directory, Layout: PageLayout.Rows);
                await read.Client.PageAsync(request, rows, read.Token).ConfigureAwait(false);
            }
        }
        catch (GraphFault fault)
        {
            return new(id, false, default, fault.Absent ? null : fault.Words(Rights.Of(part)));
        }

        var unreadable = rows.FirstFault;
        rows.Keep();
        return found is { } one && one.Id == id
            ? new(id, true, one.Row, null)
            : new(id, false, default, unreadable ?? "the answer is another object than the one asked for");
    }

    /// <returns>False when the body is not the JSON of an object; it must then be asked for by itself.</returns>
    private static bool TryParse(byte[] body, PageRows rows)
    {
        rows.Drop();
        try
        {
            new PageParser(rows, PageLayout.Rows).Parse(body, final: true);
            return rows.Count + rows.Unreadable == 1;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
