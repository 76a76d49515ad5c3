using System.Net.Http.Json;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Governance.Azure.Tests.Tables;

namespace Governance.Azure.Tests.ServiceBus;

/// <summary>A stand-in for Service Bus on this machine, one process for all tests of the collection; the real client library speaks to it.</summary>
public sealed class ServiceBusPeer : IAsyncLifetime
{
    public const string Collection = "Service Bus peer";

    private static readonly HttpClient Http = new();
    private readonly (int Amqp, int Control) _ports = (NodeProcess.FreePort(), NodeProcess.FreePort());
    private NodeProcess? _process;

    public string ConnectionString => $"Endpoint=sb://127.0.0.1:{_ports.Amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";

    public async Task InitializeAsync() =>
        _process = NodeProcess.Missing is not null ? null : await NodeProcess.StartAsync("ready", "servicebus/peer.js", $"{_ports.Amqp}", $"{_ports.Control}");

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>A client whose patience suits a test: it repeats at once and does not wait for minutes.</summary>
    public ServiceBusClient Client() => new(ConnectionString, new ServiceBusClientOptions
    {
        RetryOptions = new ServiceBusRetryOptions { Delay = TimeSpan.FromMilliseconds(20), MaxRetries = 5, TryTimeout = TimeSpan.FromSeconds(20) },
    });

    /// <summary>Makes a queue and its dead-letter queue.</summary>
    /// <param name="refused">True when no token opens it.</param>
    public Task MakeAsync(string queue, int lockSeconds = 60, int mostDeliveries = 10, bool refused = false) =>
        OrderAsync(new { @do = "queue", name = queue, lockSeconds, maxDeliveryCount = mostDeliveries, refused });

    /// <summary>Lets time pass for a queue and its dead-letter queue.</summary>
    public Task PassAsync(string queue, TimeSpan time) => OrderAsync(new { @do = "pass", queue, seconds = time.TotalSeconds });

    /// <summary>Drops the connection once: at <c>transfer</c> after a message was taken, at <c>settle</c> before and at <c>settled</c> after a verdict was.</summary>
    public Task DropAtAsync(string kind, string queue, int after = 0) => OrderAsync(new { @do = "fault", kind, queue, after });

    public async Task<JsonElement> StateAsync(string? queue = null) => await OrderAsync(new { @do = "state", queue });

    private async Task<JsonElement> OrderAsync(object order)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri($"http://127.0.0.1:{_ports.Control}/"), order);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}

[CollectionDefinition(ServiceBusPeer.Collection)]
public sealed class ServiceBusPeerCollection : ICollectionFixture<ServiceBusPeer>, ICollectionFixture<Azurite>;
