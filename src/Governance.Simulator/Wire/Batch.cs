using System.Text.Json;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>
/// POST <c>/$batch</c>: up to twenty requests in one call. The call answers 200 whatever its items do; each is charged and
/// throttled by itself, and the answers come in any order.
/// </summary>
internal sealed class Batch(Pipeline pipeline, RequestLog log, TimeProvider clock)
{
    private const int MostItems = 20;

    public (Reply Reply, int Rows) Answer(GraphCall call, SimulatedTenant tenant, string requestId)
    {
        var items = Items(call);
        var outcomes = new List<(string Id, Outcome Outcome)>();
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var outcome = item.DependsOn.Any(failed.Contains)
                ? new Outcome(Reply.Error(424, "FailedDependency", "A request this one depends on failed.", DateTimeOffset.UnixEpoch, requestId), 0, null, null)
                : AnswerItem(call, tenant, item, requestId);
            if (outcome.Reply.Status >= 400)
            {
                failed.Add(item.Id);
            }

            outcomes.Add((item.Id, outcome));
        }

        // Never in the order asked: clients must go by id.
        var shuffled = outcomes.OrderBy(item => Hash.Mix(call.State.Seed, item.Id)).ToList();
        return (new Reply { Body = json => Write(json, shuffled) }, outcomes.Sum(item => item.Outcome.Reply.Rows));
    }

    private Outcome AnswerItem(GraphCall call, SimulatedTenant tenant, Item item, string requestId)
    {
        var turn = clock.GetUtcNow();
        var inner = new GraphCall(item.Method, call.Root, item.Url) { State = tenant.State, Eventual = item.Eventual, Body = item.Body };
        var outcome = pipeline.Answer(inner, authorization: null, inBatch: true, requestId);
        log.Add(new LoggedRequest(
            item.Method, new Uri(call.Root).AbsolutePath + item.Url, outcome.Reply.Status, outcome.ResourceUnits, outcome.Reply.Rows, item.Eventual,
            Authorized: true, InBatch: true, outcome.Fault?.ToString())
        {
            At = turn,
            RetryAfter = outcome.Reply.RetryAfter,
        });
        return outcome;
    }

    private static List<Item> Items(GraphCall call)
    {
        var body = call.BodyObject();
        if (!body.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array)
        {
            throw new GraphException(400, "BadRequest", "Invalid batch payload format.");
        }

        if (requests.GetArrayLength() is 0 or > MostItems)
        {
            throw new GraphException(400, "BadRequest", $"Number of batch request steps must be between 1 and {MostItems}.");
        }

        var items = requests.EnumerateArray().Select(Parse).ToList();
        return items.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count() == items.Count
            ? items
            : throw new GraphException(400, "BadRequest", "Request ids in a batch must be unique.");
    }

    private static Item Parse(JsonElement request)
    {
        var id = Text(request, "id");
        var method = Text(request, "method");
        var url = Text(request, "url");
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(method) || string.IsNullOrEmpty(url) || url.Contains("://", StringComparison.Ordinal))
        {
            throw new GraphException(400, "BadRequest", "A batch item needs an id, a method and a relative url.");
        }

        var eventual = request.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object
            && headers.EnumerateObject().Any(header => header.Name.Equals("ConsistencyLevel", StringComparison.OrdinalIgnoreCase)
                && string.Equals(header.Value.ToString(), "eventual", StringComparison.OrdinalIgnoreCase));
        var depends = request.TryGetProperty("dependsOn", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(value => value.ToString()).ToArray()
            : [];
        var body = request.TryGetProperty("body", out var content) ? JsonSerializer.SerializeToUtf8Bytes(content) : [];
        return new Item(id, method.ToUpperInvariant(), "/" + url.TrimStart('/'), eventual, depends, body);
    }

    private static string? Text(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Write(Utf8JsonWriter json, List<(string Id, Outcome Outcome)> items)
    {
        json.WriteStartObject();
        json.WriteStartArray("responses");
        foreach (var (id, outcome) in items)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteNumber("status", outcome.Reply.Status);
            json.WriteStartObject("headers");
            json.WriteString("Cache-Control", "no-cache");
            if (outcome.ResourceUnits > 0)
            {
                json.WriteString("x-ms-resource-unit", outcome.ResourceUnits.ToString());
            }

            foreach (var (name, value) in outcome.Reply.Headers)
            {
                json.WriteString(name, value);
            }

            if (outcome.Reply.Body is not null)
            {
                json.WriteString("Content-Type", "application/json;odata.metadata=minimal;charset=utf-8");
            }

            json.WriteEndObject();
            if (outcome.Reply.Body is { } body)
            {
                json.WritePropertyName("body");
                body(json);
            }
            else if (outcome.Reply.Text is { } text)
            {
                json.WriteString("body", text);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Item(string Id, string Method, string Url, bool Eventual, string[] DependsOn, byte[] Body);
}
