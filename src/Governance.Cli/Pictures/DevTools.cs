using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Governance.Cli.Pictures;

/// <summary>Asks a browser one thing after the other.</summary>
internal sealed class DevTools : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private int _number;

    private DevTools()
    {
    }

    public static async Task<DevTools> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var talk = new DevTools();
        try
        {
            await talk._socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return talk;
        }
        catch (WebSocketException fault)
        {
            talk.Dispose();
            throw new CliException(ExitCode.Failed, $"the browser cannot be talked to: {fault.Message}");
        }
    }

    /// <param name="session">The page that is meant; null for the browser itself.</param>
    /// <exception cref="CliException">The browser refuses or ends.</exception>
    public async Task<JsonNode> AskAsync(string method, JsonObject parameters, string? session, CancellationToken cancellationToken)
    {
        var number = ++_number;
        var question = new JsonObject { ["id"] = number, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            question["sessionId"] = session;
        }

        try
        {
            await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(question.ToJsonString()), WebSocketMessageType.Text, true, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var message = await ReadAsync(cancellationToken).ConfigureAwait(false);
                if (message["id"]?.GetValue<int>() == number)
                {
                    return message["result"] ?? throw new CliException(ExitCode.Failed, $"the browser refuses {method}");
                }
            }
        }
        catch (WebSocketException fault)
        {
            throw new CliException(ExitCode.Failed, $"the browser ended: {fault.Message}");
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<JsonNode> ReadAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return message.Length == 0 ? throw new CliException(ExitCode.Failed, "the browser ended") : JsonNode.Parse(message.ToArray())!;
    }
}
