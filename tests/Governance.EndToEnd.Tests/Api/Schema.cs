using System.Text.Json;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Holds a JSON value against the part of JSON Schema that the contract uses.</summary>
internal static class Schema
{
    private static readonly string[] Known = ["type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "format", "description", "default", "minimum", "maximum", "maxLength"];

    public static IEnumerable<string> Problems(JsonElement contract, JsonElement schema, JsonElement value, string at)
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Known.Contains(keyword.Name)))
        {
            yield return $"{at}: the keyword {keyword.Name} is not checked here";
        }

        var problems = schema.TryGetProperty("$ref", out var reference) ? Problems(contract, ContractTests.Follow(contract, reference.GetString()!), value, at)
            : schema.TryGetProperty("anyOf", out var choices) ? AnyOf(contract, choices, value, at)
            : Plain(contract, schema, value, at);
        foreach (var problem in problems)
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> AnyOf(JsonElement contract, JsonElement choices, JsonElement value, string at) =>
        choices.EnumerateArray().Any(choice => !Problems(contract, choice, value, at).Any()) ? [] : [$"{at}: none of the choices fits {value}"];

    private static IEnumerable<string> Plain(JsonElement contract, JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(value, name)))
        {
            yield return $"{at}: {value.ValueKind} is not {type}";
            yield break;
        }

        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.GetString() == value.GetString()))
        {
            yield return $"{at}: {value} is none of {words}";
        }

        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("format", out var format) && !HasFormat(value, format.GetString()!))
        {
            yield return $"{at}: {value} is no {format}";
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var problem in value.EnumerateArray().SelectMany((item, n) => Problems(contract, items, item, $"{at}[{n}]")))
            {
                yield return problem;
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var problem in Fields(contract, schema, value, at))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Fields(JsonElement contract, JsonElement schema, JsonElement value, string at)
    {
        var properties = schema.TryGetProperty("properties", out var named) ? named : default;
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var missing in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{at}: {missing} is missing";
            }
        }

        foreach (var field in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(field.Name, out var of))
            {
                foreach (var problem in Problems(contract, of, field.Value, $"{at}.{field.Name}"))
                {
                    yield return problem;
                }
            }
            else if (schema.TryGetProperty("additionalProperties", out var more))
            {
                foreach (var problem in more.ValueKind == JsonValueKind.False ? [$"{at}: {field.Name} is not in the contract"] : Problems(contract, more, field.Value, $"{at}.{field.Name}"))
                {
                    yield return problem;
                }
            }
        }
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    private static bool HasFormat(JsonElement value, string format) => format switch
    {
        "uuid" => value.TryGetGuid(out _),
        "date-time" => value.TryGetDateTimeOffset(out _) && value.GetString()!.EndsWith('Z'),
        "date" => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", out _),
        _ => false,
    };
}
