using System.Net.Http.Headers;

namespace Governance.Microsoft365.Teams;

/// <summary>Makes the HTTP client for posts: no redirects, no cookies, no connection used twice, no time limit of its own.</summary>
public static class WorkflowTransport
{
    /// <param name="proxy">True where the way out is a proxy: then the proxy resolves names, and decides which addresses are reached.</param>
    public static HttpClient Client(bool proxy)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),

            // A post sent on a connection that is just being closed could be sent again below us.
            PooledConnectionLifetime = TimeSpan.Zero,
            UseCookies = false,
            UseProxy = proxy,
        };
        if (!proxy)
        {
            handler.ConnectCallback = PublicAddress.ConnectAsync;
        }

        return Client(handler);
    }

    internal static HttpClient Client(HttpMessageHandler handler)
    {
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("GovernanceFunctions", "0.1"));
        return client;
    }
}
