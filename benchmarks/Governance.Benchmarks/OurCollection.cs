using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Benchmarks;

/// <summary>The collection of this product, into an inventory.</summary>
internal static class OurCollection
{
    public static async Task<long> RunAsync(Uri endpoint)
    {
        var inventory = (await ReadAsync(endpoint)).Inventory;
        return inventory.ServicePrincipals.Length + inventory.Grants.Count + inventory.Assignments.Count + inventory.Users.Count;
    }

    /// <param name="before">Null for everything; else gives the inventory that changes are added to.</param>
    public static async Task<SourceReading> ReadAsync(Uri endpoint, Func<Inventory?>? before = null)
    {
        var options = new GraphOptions { Endpoint = endpoint };
        using var http = GraphTransport.Client(options);
        var incremental = before is null ? null : new IncrementalReading((_, _) => Task.FromResult(before()), IncrementalReading.Weekly, _ => { });
        var source = new GraphConsentSource(http, options, new FixedToken("opaque"), TimeProvider.System, NullLogger<GraphConsentSource>.Instance, incremental);
        return await source.ReadAsync(new Unheard(), default);
    }

    private sealed class Unheard : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
        }
    }
}
