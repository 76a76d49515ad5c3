using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Governance.Api.Http;

/// <summary>Reads a body that is JSON, not compressed and not too long; never more of it than is allowed.</summary>
public static class RequestBody
{
    /// <summary>Bytes of a body that is too long which are read and thrown away, so that its sender gets to read the answer. More is cut off.</summary>
    public const int Drained = 1024 * 1024;

    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int longest)
    {
        var request = context.Request;
        if (request.ContentLength > longest)
        {
            await DrainAsync(context).ConfigureAwait(false);
            throw TooLong(longest);
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new ApiProblemException(415, "unsupported-encoding", "a body must not be compressed");
        }

        var buffer = new MemoryStream();
        var piece = new byte[4096];
        int read;
        try
        {
            while ((read = await request.Body.ReadAsync(piece, context.RequestAborted).ConfigureAwait(false)) > 0)
            {
                buffer.Write(piece, 0, read);
                if (buffer.Length > longest)
                {
                    await DrainAsync(context).ConfigureAwait(false);
                    throw TooLong(longest);
                }
            }
        }
        catch (BadHttpRequestException fault)
        {
            throw fault.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLong(longest) : ApiProblemException.Invalid("invalid-body", "the body could not be read");
        }

        if (buffer.Length > 0 && !IsJson(request.ContentType))
        {
            throw new ApiProblemException(415, "unsupported-media-type", "a body must be application/json in UTF-8");
        }

        return buffer.ToArray();
    }

    private static async Task DrainAsync(HttpContext context)
    {
        var piece = new byte[16 * 1024];
        var left = Drained;
        try
        {
            int read;
            while (left > 0 && (read = await context.Request.Body.ReadAsync(piece, context.RequestAborted).ConfigureAwait(false)) > 0)
            {
                left -= read;
            }
        }
        catch (BadHttpRequestException)
        {
            // Longer than the server reads at all: the connection ends with the answer.
        }
    }

    private static bool IsJson(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var media) && media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static ApiProblemException TooLong(int longest) => new(413, "body-too-long", $"a body may have at most {longest} bytes") { Suspicious = true };
}
