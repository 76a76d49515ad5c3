using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Governance.Functions.Tests.Host;

/// <summary>Messages as gRPC frames them over HTTP/2: a byte that says not compressed, four bytes of length, the message.</summary>
internal static class GrpcFrames
{
    private const int Head = 5;

    /// <returns>Null at the end of the stream.</returns>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        var head = new byte[Head];
        if (await request.Body.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false, cancellationToken) < Head)
        {
            return null;
        }

        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await request.Body.ReadExactlyAsync(body, cancellationToken);
        return parser.ParseFrom(body);
    }

    public static async Task WriteAsync(HttpResponse response, IMessage? message, CancellationToken cancellationToken)
    {
        var body = message?.ToByteArray() ?? [];
        var frame = new byte[Head + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, Head);
        await response.Body.WriteAsync(frame, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Answers a call of one message with one of no fields, or with a status other than 0 and why.</summary>
    public static async Task AnswerAsync(HttpContext context, Exception? fault)
    {
        context.Response.ContentType = "application/grpc";
        if (fault is null)
        {
            await WriteAsync(context.Response, null, context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", fault is null ? "0" : "2");
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(fault?.Message ?? string.Empty));
    }
}
