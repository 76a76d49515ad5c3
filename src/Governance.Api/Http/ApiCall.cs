using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Governance.Api.Access;
using Governance.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace Governance.Api.Http;

/// <summary>One request on its way through an endpoint, with everything about it proven.</summary>
/// <param name="Caller">Null for an operation that everybody may call.</param>
/// <param name="Body">As received, within the limits; empty when there was none.</param>
public sealed record ApiCall(
    GovernanceApi Api, HttpContext Http, ApiEndpoint Endpoint, IReadOnlyDictionary<string, string> Path, ApiCaller? Caller, ReadOnlyMemory<byte> Body)
{
    /// <summary>Deepest nesting of a body.</summary>
    private const int Depth = 8;

    private static readonly ReadOnlyMemory<byte> Empty = "{}"u8.ToArray();

    /// <summary>To be put on what the call brings about, so that its repeat after a crash knows it again; null for a call without an idempotency key.</summary>
    public string? Mark { get; init; }

    public CancellationToken Aborted => Http.RequestAborted;

    public string Id => Path["id"];

    /// <summary>The tenant that is meant: the one named, or the only one the caller may see.</summary>
    /// <exception cref="ApiProblemException">None or another's was named, or several could be meant.</exception>
    public async Task<Guid> TenantAsync()
    {
        var known = await Api.TenantsAsync(Aborted).ConfigureAwait(false);
        var visible = known.Where(Caller!.MaySee).ToArray();
        if (Query("tenant") is { } text)
        {
            return Guid.TryParseExact(text, "D", out var named)
                ? visible.Contains(named) ? named : throw ForeignTenant()
                : throw ApiProblemException.Invalid("invalid-tenant", "tenant is not an id");
        }

        return visible switch
        {
            [var only] => only,
            [] => throw ApiProblemException.NotFound("tenant"),
            _ => throw new ApiProblemException(400, "tenant-needed", "several tenants are kept here; name one with ?tenant="),
        };
    }

    /// <summary>What is kept of the tenant that is meant.</summary>
    /// <exception cref="ApiProblemException">Nothing is.</exception>
    public async Task<StoredFacts> FactsAsync()
    {
        var tenant = await TenantAsync().ConfigureAwait(false);
        return await Api.Facts.ReadAsync(tenant, Aborted).ConfigureAwait(false)
            ?? throw new ApiProblemException(404, "no-scan-yet", "no scan of the tenant is kept yet; ask for one with POST /api/scans");
    }

    /// <returns>Null when the parameter was not given.</returns>
    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>A parameter that is one of some words.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> words)
    {
        if (Query(name) is not { } text)
        {
            return null;
        }

        return words.Contains(text) ? text : throw ApiProblemException.Invalid("invalid-parameter", $"{name} is none of {string.Join(", ", words.ToArray())}");
    }

    /// <summary>A parameter that is a whole number.</summary>
    public int Number(string name, int usual, int least, int most)
    {
        if (Query(name) is not { } text)
        {
            return usual;
        }

        return int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number >= least && number <= most
            ? number
            : throw ApiProblemException.Invalid("invalid-parameter", $"{name} is not a whole number from {least} to {most}");
    }

    /// <summary>The body as a JSON object that holds nothing but the fields named; an empty body is an empty object.</summary>
    /// <exception cref="ApiProblemException">It is something else.</exception>
    public JsonDocument Fields(params ReadOnlySpan<string> known)
    {
        RequireUnicode(Body.Span);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(Body.IsEmpty ? Empty : Body, new JsonDocumentOptions { MaxDepth = Depth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            throw ApiProblemException.Invalid("invalid-body", $"the body is not JSON of at most {Depth} levels without repeated fields");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw ApiProblemException.Invalid("invalid-body", "the body is not a JSON object");
        }

        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                document.Dispose();
                throw ApiProblemException.Invalid("unknown-field", $"the body may hold {(known.IsEmpty ? "no field" : string.Join(", ", known.ToArray()) + " and nothing else")}");
            }
        }

        return document;
    }

    /// <summary>The reader of JSON takes broken text and fails only when somebody asks for the string.</summary>
    /// <exception cref="ApiProblemException">The body is not UTF-8, or a string in it escapes one half of a surrogate pair.</exception>
    private static void RequireUnicode(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            var valid = 0;
            for (var left = body; Rune.DecodeFromUtf8(left, out _, out var used) == OperationStatus.Done; left = left[used..])
            {
                valid += used;
            }

            throw ApiProblemException.Invalid("invalid-unicode", $"the body is not UTF-8 at byte {valid}");
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Depth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw ApiProblemException.Invalid("invalid-unicode", $"the string at byte {reader.TokenStartIndex} of the body holds half of a surrogate pair");
        }
        catch (JsonException)
        {
            // Not JSON, which is told where it is parsed.
        }
    }

    private static ApiProblemException ForeignTenant() => new(404, "not-found", "there is no such tenant") { Suspicious = true };
}
