using System.Text.Json;
using Governance.Simulator.Tenants;
using Microsoft.AspNetCore.WebUtilities;

namespace Governance.Simulator.Wire;

/// <summary>One request, from HTTP or from an item of a batch.</summary>
internal sealed class GraphCall
{
    private readonly Dictionary<string, string> query = new(StringComparer.OrdinalIgnoreCase);

    public GraphCall(string method, string root, string pathAndQuery)
    {
        Method = method;
        Root = root;
        PathAndQuery = pathAndQuery;
        var mark = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        Path = (mark < 0 ? pathAndQuery : pathAndQuery[..mark]).Trim('/');
        Segments = [.. Path.Split('/').Select(Uri.UnescapeDataString)];
        foreach (var (name, values) in QueryHelpers.ParseQuery(mark < 0 ? "" : pathAndQuery[mark..]))
        {
            query[name.TrimStart('$')] = values.ToString();
        }
    }

    public string Method { get; }

    /// <summary>The endpoint with version, without a slash at the end.</summary>
    public string Root { get; }

    public bool Beta => Root.EndsWith("/beta", StringComparison.Ordinal);

    /// <summary>Without the version, as sent.</summary>
    public string PathAndQuery { get; }

    /// <summary>Without the version and without slashes at the ends.</summary>
    public string Path { get; }

    public string[] Segments { get; }

    public required TenantState State { get; init; }

    /// <summary><c>ConsistencyLevel: eventual</c> was sent.</summary>
    public bool Eventual { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The value of a system query option (named without <c>$</c>), or null.</summary>
    public string? Option(string name) => query.GetValueOrDefault(name);

    public IEnumerable<string> OptionNames => query.Keys;

    /// <exception cref="GraphException">The body is not a JSON object.</exception>
    public JsonElement BodyObject()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }
        }
        catch (JsonException)
        {
            // Answered below like any other body that is no object.
        }

        throw GraphException.BadRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
    }
}
