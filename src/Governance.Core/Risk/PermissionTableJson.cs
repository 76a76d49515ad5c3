using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Core.Risk;

/// <summary>Reads a permission table from JSON in the form of <c>permissions.json</c>.</summary>
/// <remarks>
/// A family lists exact names that share severities, categories and reason. A severity missing for a kind means that the
/// names do not exist in that kind. A name is a string, or an array of the name, its delegated id and its application id,
/// where an empty string stands for an id that is not known.
/// </remarks>
internal static class PermissionTableJson
{
    public static PermissionTable ReadEmbedded()
    {
        using var stream = typeof(PermissionTableJson).Assembly.GetManifestResourceStream("Governance.Core.Risk.permissions.json")
            ?? throw new InvalidOperationException("permissions.json is not part of the assembly");
        using var document = JsonDocument.Parse(stream);
        return Read(document.RootElement);
    }

    /// <exception cref="FormatException">The table contradicts itself or has an unknown word; the message names the place.</exception>
    public static PermissionTable Read(JsonElement root)
    {
        var ratings = new Dictionary<(Guid, PermissionKind, string), PermissionRating>(new PermissionTable.KeyComparer());
        foreach (var resource in root.GetProperty("resources").EnumerateArray())
        {
            var appId = resource.GetProperty("appId").GetGuid();
            var name = resource.GetProperty("name").GetString()!;
            foreach (var family in resource.GetProperty("families").EnumerateArray())
            {
                AddFamily(ratings, appId, name, family);
            }
        }

        var anywhere = new Dictionary<string, PermissionRating>(StringComparer.OrdinalIgnoreCase);
        foreach (var family in root.GetProperty("anywhere").EnumerateArray())
        {
            foreach (var name in family.GetProperty("names").EnumerateArray())
            {
                anywhere.Add(name.GetString()!, Rating(family, PermissionKind.Delegated, null));
            }
        }

        var unrated = root.GetProperty("unrated");
        return new PermissionTable(
            root.GetProperty("version").GetString()!,
            ratings,
            anywhere,
            Word<Severity>(unrated.GetProperty("delegated").GetString()!),
            Word<Severity>(unrated.GetProperty("application").GetString()!));
    }

    private static void AddFamily(
        Dictionary<(Guid, PermissionKind, string), PermissionRating> ratings, Guid appId, string resource, JsonElement family)
    {
        foreach (var kind in new[] { PermissionKind.Delegated, PermissionKind.Application })
        {
            if (!family.TryGetProperty(kind == PermissionKind.Delegated ? "delegated" : "application", out _))
            {
                continue;
            }

            var rating = Rating(family, kind, resource);
            foreach (var name in family.GetProperty("names").EnumerateArray())
            {
                var value = name.ValueKind == JsonValueKind.Array ? name[0].GetString()! : name.GetString()!;
                Add(ratings, (appId, kind, value), rating, resource);
                var id = name.ValueKind == JsonValueKind.Array ? name[kind == PermissionKind.Delegated ? 1 : 2].GetString()! : string.Empty;
                if (id.Length > 0)
                {
                    Add(ratings, (appId, kind, id), rating, resource);
                }
            }
        }
    }

    private static void Add(
        Dictionary<(Guid, PermissionKind, string), PermissionRating> ratings, (Guid, PermissionKind Kind, string Value) key, PermissionRating rating, string resource)
    {
        if (!ratings.TryAdd(key, rating))
        {
            throw new FormatException($"{resource}: {key.Value} is listed twice as {key.Kind}");
        }
    }

    private static PermissionRating Rating(JsonElement family, PermissionKind kind, string? resource) => new(
        true,
        Word<Severity>(family.GetProperty(kind == PermissionKind.Delegated ? "delegated" : "application").GetString()!),
        [.. family.GetProperty("categories").EnumerateArray().Select(word => Word<DataCategory>(word.GetString()!)).Order()],
        family.GetProperty("writes").GetBoolean(),
        family.GetProperty("reason").GetString()!)
    {
        TenantWide = family.GetProperty("tenantWide").GetString() switch
        {
            "yes" => true,
            "application" => kind == PermissionKind.Application,
            "no" => false,
            var other => throw new FormatException($"'{other}' is not yes, application or no"),
        },
        Resource = resource,
    };

    private static T Word<T>(string word)
        where T : struct, Enum =>
        !int.TryParse(word, out _) && Enum.TryParse<T>(word, ignoreCase: true, out var value)
            ? value
            : throw new FormatException($"'{word}' is not a {typeof(T).Name}");
}
