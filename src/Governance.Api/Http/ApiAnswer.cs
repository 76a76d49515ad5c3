using System.Buffers;
using System.Text.Json;

namespace Governance.Api.Http;

/// <summary>What an endpoint answers.</summary>
/// <param name="Body">Empty for none.</param>
public sealed record ApiAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    public const string JsonType = "application/json; charset=utf-8";

    /// <summary>Writes the body piece by piece in place of <see cref="Body"/>, for one too large to hold; null for none.</summary>
    public Func<Stream, CancellationToken, Task>? Write { get; init; }

    public string? Location { get; init; }

    /// <summary>Entity tag with its quotes; null for none.</summary>
    public string? ETag { get; init; }

    /// <summary>File name offered to a browser; null to show it in place.</summary>
    public string? FileName { get; init; }

    /// <summary>Policy for a page; null for what is no page.</summary>
    public string? ContentSecurityPolicy { get; init; }

    /// <summary>Seconds after which asking again makes sense; null when that is not known.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>True for an answer given before to the same request.</summary>
    public bool Replayed { get; init; }

    public static ApiAnswer Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return new ApiAnswer(status, JsonType, buffer.WrittenMemory);
    }
}
