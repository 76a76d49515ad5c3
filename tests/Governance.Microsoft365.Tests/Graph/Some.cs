using System.Collections.Concurrent;
using Governance.Core.Consents;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Tests.Graph;

internal static class Some
{
    public static readonly Guid TenantId = Id(7777);

    public static Guid Id(int number) => new(number, 0x1234, 0x4abc, 0x80, 1, 2, 3, 4, 5, 6, 7);

    /// <summary>Options under a hand-set clock: only waits between attempts are shorter than a day.</summary>
    public static GraphOptions Options(Uri? endpoint = null) => new()
    {
        Endpoint = endpoint ?? new Uri("https://graph.example"),
        Silence = TimeSpan.FromDays(2),
        TimeBudget = TimeSpan.FromDays(10),
    };

    public static GraphConsentSource Source(ScriptedGraph graph, HandSetTime? time = null, GraphOptions? options = null, ITokenSource? tokens = null, ILogger<GraphConsentSource>? logger = null, IncrementalReading? incremental = null) =>
        new(
            GraphTransport.Client(graph),
            options ?? Options(),
            tokens ?? new FixedToken("opaque"),
            time ?? new HandSetTime(),
            logger ?? NullLogger<GraphConsentSource>.Instance,
            incremental);

    public static async Task<SourceReading> ReadAsync(this GraphConsentSource source) => await source.ReadAsync(new Unheard(), CancellationToken.None);

    public static async Task<Inventory> InventoryAsync(ScriptedGraph graph, HandSetTime? time = null, GraphOptions? options = null, ITokenSource? tokens = null) =>
        (await Source(graph, time, options, tokens).ReadAsync()).Inventory;

    /// <summary>Everything an inventory holds but times and counts of requests, as text to compare.</summary>
    public static string Content(Inventory inventory)
    {
        var lines = inventory.ServicePrincipals.Select(app => $"{app.Id} {app.AppId} {app.DisplayName} {app.Type} {app.Homepage} {string.Join('|', app.ReplyUrls)} {app.AppRoles.Length}")
            .Concat(inventory.Grants.All().Select(grant => grant.ToString()))
            .Concat(inventory.Assignments.All.Select(assignment => assignment.ToString()))
            .Concat(Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row].ToString()))
            .Concat(inventory.Parts.Select(part => $"{part.Part} {part.Status} {part.Items} {part.Expected} {part.Pages} {part.Reason}"));
        return string.Join('\n', lines.Prepend(inventory.Organization.ToString()));
    }

    internal sealed class Unheard : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value)
        {
        }
    }

    internal sealed class Heard : IProgress<ReadProgress>
    {
        public ConcurrentQueue<ReadProgress> All { get; } = [];

        public void Report(ReadProgress value) => All.Enqueue(value);
    }
}
