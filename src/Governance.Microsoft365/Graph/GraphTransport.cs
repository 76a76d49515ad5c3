using System.Net;
using System.Net.Http.Headers;

namespace Governance.Microsoft365.Graph;

/// <summary>Makes the HTTP client for Graph: compressed, few connections, no redirects, no cookies, no time limit of its own.</summary>
public static class GraphTransport
{
    private const int Connections = 32;

    public static HttpClient Client(GraphOptions options)
    {
        var loopback = new GraphEndpoint(options.Endpoint).Loopback;
        return Client(
            new SocketsHttpHandler
            {
                // A redirect would carry the token to a place that was not configured.
                AllowAutoRedirect = false,
                // Compression buys nothing between two processes of one machine.
                AutomaticDecompression = loopback ? DecompressionMethods.None : DecompressionMethods.GZip | DecompressionMethods.Brotli,
                ConnectTimeout = TimeSpan.FromSeconds(15),
                EnableMultipleHttp2Connections = true,
                MaxConnectionsPerServer = Connections,
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                UseCookies = false,
                UseProxy = !loopback,
            });
    }

    internal static HttpClient Client(HttpMessageHandler handler)
    {
        var client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("GovernanceFunctions", "0.1"));
        return client;
    }
}
