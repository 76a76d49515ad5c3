using System.Text.Json;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Holds a JSON value against the part of JSON Schema that our schemas use.</summary>
internal static class Schema
{
    private static readonly string[] Known = ["type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "format", "description", "default", "minimum", "maximum", "minLength", "maxLength", "minItems", "pattern", "const", "oneOf", "not", "$defs", "$schema", "title"];

    public static IEnumerable<string> Problems(JsonElement contract, JsonElement schema, JsonElement value, string at)
    {
        foreach (var keyword in schema.EnumerateObject().Where(keyword => !Known.Contains(keyword.Name)))
        {
            yield return $"{at}: the keyword {keyword.Name} is not checked here";
        }

        var problems = Plain(contract, schema, value, at);
        problems = schema.TryGetProperty("$ref", out var reference) ? problems.Concat(Problems(contract, ContractTests.Follow(contract, reference.GetString()!), value, at)) : problems;
        problems = schema.TryGetProperty("anyOf", out var choices) ? problems.Concat(AnyOf(contract, choices, value, at)) : problems;
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

        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)))
        {
            yield return $"{at}: {value} is none of {words}";
        }

        foreach (var problem in Bounds(schema, value, at).Concat(Choices(contract, schema, value, at)))
        {
            yield return problem;
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

    private static IEnumerable<string> Choices(JsonElement contract, JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
        {
            yield return $"{at}: {value} is not {only}";
        }

        if (schema.TryGetProperty("oneOf", out var one) && one.EnumerateArray().Count(choice => !Problems(contract, choice, value, at).Any()) != 1)
        {
            yield return $"{at}: not one of the choices fits {value}";
        }

        if (schema.TryGetProperty("not", out var never) && !Problems(contract, never, value, at).Any())
        {
            yield return $"{at}: {value} must not fit {never}";
        }
    }

    private static IEnumerable<string> Bounds(JsonElement schema, JsonElement value, string at)
    {
        bool Limit(string name, out decimal limit)
        {
            limit = schema.TryGetProperty(name, out var said) ? said.GetDecimal() : 0;
            return schema.TryGetProperty(name, out _);
        }

        var size = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Length,
            JsonValueKind.Array => value.GetArrayLength(),
            JsonValueKind.Number => value.GetDecimal(),
            _ => 0,
        };
        var (least, most) = value.ValueKind switch
        {
            JsonValueKind.String => ("minLength", "maxLength"),
            JsonValueKind.Array => ("minItems", "maxItems"),
            _ => ("minimum", "maximum"),
        };
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Number && ((Limit(least, out var low) && size < low) || (Limit(most, out var high) && size > high)))
        {
            yield return $"{at}: {value} is out of its bounds";
        }

        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("pattern", out var pattern) && !System.Text.RegularExpressions.Regex.IsMatch(value.GetString()!, pattern.GetString()!))
        {
            yield return $"{at}: {value} does not fit {pattern}";
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
