using System.Collections.Immutable;
using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Reads the value of one member; each returns false when the bytes at hand end before the value does.</summary>
/// <remarks>A value of another type than expected counts as not stated, save where a fault is named.</remarks>
internal static class JsonField
{
    /// <summary>The name of a member in UTF-8, escapes undone.</summary>
    public static ReadOnlySpan<byte> Name(ref Utf8JsonReader reader) => reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan;

    /// <summary>A GUID in any case; null stays null; anything else is a fault.</summary>
    public static bool Id(ref Utf8JsonReader reader, out Guid? value, ref string? fault, string name)
    {
        value = null;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id))
        {
            value = id;
            return true;
        }

        if (reader.TokenType != JsonTokenType.Null)
        {
            fault ??= $"{name} is not a GUID";
        }

        return reader.TrySkip();
    }

    /// <summary>A GUID that may also be an empty text or anything else, which count as not stated.</summary>
    public static bool OptionalId(ref Utf8JsonReader reader, out Guid? value)
    {
        string? ignored = null;
        return Id(ref reader, out value, ref ignored, string.Empty);
    }

    public static bool Text(ref Utf8JsonReader reader, out string? value)
    {
        value = null;
        if (!reader.Read())
        {
            return false;
        }

        value = reader.TokenType == JsonTokenType.String ? JsonText.Of(ref reader) : null;
        return reader.TrySkip();
    }

    /// <summary>Reads a text; equal texts share one string.</summary>
    public static bool Text(ref Utf8JsonReader reader, TextPool pool, out string? value)
    {
        value = null;
        if (!reader.Read())
        {
            return false;
        }

        value = reader.TokenType == JsonTokenType.String ? pool.Of(ref reader) : null;
        return reader.TrySkip();
    }

    public static bool Flag(ref Utf8JsonReader reader, out bool? value)
    {
        value = null;
        if (!reader.Read())
        {
            return false;
        }

        value = reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
        return reader.TrySkip();
    }

    /// <summary>An instant; one without an offset is taken as UTC.</summary>
    public static bool Time(ref Utf8JsonReader reader, out DateTimeOffset? value)
    {
        value = null;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var plain))
        {
            value = plain.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(plain, TimeSpan.Zero)
                : reader.TryGetDateTimeOffset(out var exact) ? exact.ToUniversalTime() : null;
        }

        return reader.TrySkip();
    }

    public static bool Texts(ref Utf8JsonReader reader, TextPool? pool, out ImmutableArray<string> values)
    {
        values = [];
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TrySkip();
        }

        ImmutableArray<string>.Builder? read = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                values = read?.DrainToImmutable() ?? [];
                return true;
            }

            if (reader.TokenType == JsonTokenType.String)
            {
                (read ??= ImmutableArray.CreateBuilder<string>(4)).Add(pool is null ? JsonText.Of(ref reader) : pool.Of(ref reader));
            }
            else if (!reader.TrySkip())
            {
                return false;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        var name = new byte[reader.ValueSpan.Length];
        return name.AsSpan(0, JsonText.CopyTo(ref reader, name));
    }

    public static bool Skip(ref Utf8JsonReader reader) => reader.Read() && reader.TrySkip();
}
