using System.Text.Json;

namespace Governance.Simulator.Wire;

/// <summary>How a kind of row is written: its properties in order, and which are sent when none are selected.</summary>
internal sealed class RowShape<TRow>(string typeName, IReadOnlyList<RowProperty<TRow>> properties)
{
    private readonly Dictionary<string, RowProperty<TRow>> byName =
        properties.ToDictionary(property => property.Name.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Properties that Graph knows and the simulator does not model: selecting them gives null.</summary>
    public IReadOnlySet<string> KnownToGraph { get; init; } = new HashSet<string>();

    /// <summary>Written first in each row, for annotations; null for none.</summary>
    public Action<Utf8JsonWriter, TRow>? Preamble { get; init; }

    /// <summary>The same shape with an annotation in front.</summary>
    public RowShape<TRow> With(Action<Utf8JsonWriter, TRow> preamble) => new(typeName, properties) { KnownToGraph = KnownToGraph, Preamble = preamble };

    /// <param name="select">The <c>$select</c> option; null for the default properties.</param>
    /// <param name="context">Written as <c>@odata.context</c>; null for rows inside a collection.</param>
    /// <exception cref="GraphException">It names a property that the type does not have.</exception>
    public Action<Utf8JsonWriter, TRow> Writer(string? select, string? context = null)
    {
        var chosen = select is null
            ? [.. properties.Where(property => property.ByDefault)]
            : select.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Distinct(StringComparer.OrdinalIgnoreCase).Select(Property).ToArray();
        return (json, row) =>
        {
            json.WriteStartObject();
            if (context is not null)
            {
                json.WriteString("@odata.context", context);
            }

            Preamble?.Invoke(json, row);
            foreach (var property in chosen)
            {
                property.Write(json, property.Name, row);
            }

            json.WriteEndObject();
        };
    }

    /// <summary>The selected names that this type has, for collections of several types; null stays null.</summary>
    public string? Known(string? select) => select is null
        ? null
        : string.Join(',', select.Split(',', StringSplitOptions.TrimEntries).Where(name => byName.ContainsKey(name) || KnownToGraph.Contains(name)));

    private RowProperty<TRow> Property(string name)
    {
        if (byName.TryGetValue(name, out var property))
        {
            return property;
        }

        return KnownToGraph.Contains(name)
            ? new RowProperty<TRow>(name, (json, encoded, _) => json.WriteNull(encoded))
            : throw GraphException.BadRequest($"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{typeName}'.");
    }
}

/// <summary>One property of a row on the wire.</summary>
internal sealed class RowProperty<TRow>(string name, Action<Utf8JsonWriter, JsonEncodedText, TRow> write, bool byDefault = true)
{
    public JsonEncodedText Name { get; } = JsonEncodedText.Encode(name);

    public Action<Utf8JsonWriter, JsonEncodedText, TRow> Write => write;

    /// <summary>Sent without being selected.</summary>
    public bool ByDefault => byDefault;
}
