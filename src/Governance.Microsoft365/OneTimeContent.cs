using System.Net;
using System.Net.Http.Headers;

namespace Governance.Microsoft365;

/// <summary>The body of a write, empty where it has none: it can be sent once, so that no write is ever repeated below us.</summary>
/// <remarks>
/// <see cref="SocketsHttpHandler"/> sends a request again when a pooled connection ends before any byte of an answer came, unless it has begun to send
/// content. A DELETE without content is therefore repeated unseen, although the server may have carried it out. RFC 9110, section 9.2.2, allows
/// that for idempotent methods; here each write is recorded with its own outcome.
/// </remarks>
internal sealed class OneTimeContent : HttpContent
{
    private readonly byte[] _body;
    private int _sent;

    /// <param name="type">Null for an empty body.</param>
    public OneTimeContent(byte[] body, MediaTypeHeaderValue? type)
    {
        _body = body;
        Headers.ContentType = type;
    }

    public static OneTimeContent Json(byte[] body) => new(body, new MediaTypeHeaderValue("application/json"));

    /// <summary>For a write without a body.</summary>
    public static OneTimeContent Empty() => new([], null);

    /// <exception cref="IOException">It was sent before.</exception>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _sent, 1) == 0
            ? stream.WriteAsync(_body, cancellationToken).AsTask()
            : throw new IOException("the write was sent before and is not sent again; whether it was carried out is not known");

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
