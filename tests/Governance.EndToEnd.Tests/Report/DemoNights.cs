using Governance.Cli;
using Governance.Cli.Commands;
using Governance.Cli.Demo;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.EndToEnd.Tests.Cli;
using Governance.Microsoft365.Graph;
using Governance.Simulator;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>Some nights of the demo, each with the facts it left, told over the last scan and over every kind of period.</summary>
public sealed class DemoNights : IAsyncLifetime, IDisposable
{
    private static readonly int[] Nights = [0, 3, 7, MarketingOrganisation.Nights - 1];
    private static readonly DateTimeOffset Start = new(2026, 9, 6, 2, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public List<(string Name, StoredFacts Facts)> Told { get; } = [];

    public IReadOnlyList<SimulatedUser> People { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var first = MarketingOrganisation.Create(20260105, 0, Start);
        var text = DemoPolicy.Text(DateOnly.FromDateTime(Start.AddDays(7 * Nights[^1]).UtcDateTime), first.ServicePrincipals.First(app => app.DisplayName == "Brightwave GPT (internal)").AppId!.Value);
        _folder.Write("governance.yaml", text);
        var (policy, _) = Settings.ReadPolicy(new FileInfo(_folder["governance.yaml"]), ProductCatalogue.Embedded);
        var clock = new NightClock(TimeProvider.System);
        await using var simulator = await GraphSimulator.StartAsync(first, new SimulatorOptions { TimeProvider = clock }, default);
        await using var kept = Kept.Open(new DirectoryInfo(_folder["data"]));
        var request = ScanCommand.Request(LearnedCatalogue.Of(ProductCatalogue.Embedded), policy, text, simulator.Tenant.TenantId);
        var options = new GraphOptions { Endpoint = simulator.Endpoint };
        options.OptionalParts.Add(InventoryPart.ConsentEvents);
        options.OptionalParts.Add(InventoryPart.ConsentRequests);
        foreach (var night in Nights)
        {
            if (night > 0)
            {
                simulator.Tenant.MoveTo(MarketingOrganisation.Create(20260105, night, Start));
            }

            clock.Set(simulator.Tenant.AsOf);
            using var reading = SourceOptions.Graph(options, new FixedToken("demo"), clock, simulator.Tenant.TenantId);
            await ScanCommand.RunAsync(reading.Source, kept.Scans, request, clock, NoProgress.Instance, default);
            var state = (await kept.Scans.StateAsync(simulator.Tenant.TenantId, default))!;
            Told.Add(($"night {night}", await StoredFacts.ReadAsync(state, policy, kept.Scans, default)));
            foreach (var period in Enum.GetValues<ReportingPeriod>())
            {
                Told.Add(($"night {night}, {period}", await StoredFacts.ReadPeriodAsync(state, policy, kept.Scans, period, default)));
            }
        }

        People = [.. simulator.Tenant.Users];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();
}
