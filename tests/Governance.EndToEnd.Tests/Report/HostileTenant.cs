using AngleSharp.Html.Dom;
using Governance.EndToEnd.Tests.Cli;
using Governance.Simulator.Brightwave;
using Governance.Simulator.Tenants;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>A made-up tenant in which attackers named the apps, scanned with the program, and everything that is then written about it.</summary>
public sealed class HostileTenant : IAsyncLifetime
{
    private const string Policy = """
        version: 1
        approved:
          - ChatGPT
          - tool: Claude
        """;

    private ScannedTenant? _tenant;

    public string Data => _tenant!.Data;

    /// <summary>Hostile name by the object id of the app that bears it.</summary>
    public Dictionary<Guid, string> Names { get; } = [];

    public Guid Genuine { get; private set; }

    /// <summary>Apps with an address each that nobody may fetch or follow.</summary>
    public Dictionary<Guid, string> Addresses { get; } = [];

    /// <summary>Two apps of one name.</summary>
    public Guid[] Twins { get; private set; } = [];

    /// <summary>An app of another tenant that bears the name of one of Microsoft's own.</summary>
    public Guid Impostor { get; private set; }

    /// <summary>What the scan said on standard error.</summary>
    public string Notes { get; private set; } = string.Empty;

    internal Run Findings { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Apps { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Csv { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run AppsCsv { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Json { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Lines { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Ocsf { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Markdown { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run Text { get; private set; } = new(0, string.Empty, string.Empty);

    internal Run[] Cards { get; private set; } = [];

    public IHtmlDocument Page { get; private set; } = null!;

    internal IReadOnlyList<string> Requests => [.. _tenant!.Simulator.Requests.Entries.Select(request => request.ToString())];

    public async Task InitializeAsync()
    {
        var tenant = MarketingOrganisation.Create(20260105, 2);
        _tenant = await ScannedTenant.Serve(tenant);
        _tenant.Folder.Write("governance.yaml", Policy);
        var rows = tenant.ServicePrincipals.ToDictionary(app => app.Id);

        // Attackers take the apps that show first.
        var before = await _tenant.Scan("--policy", _tenant.Folder["governance.yaml"]);
        var apps = before.Json.GetProperty("apps").EnumerateArray()
            .Where(app => app.GetProperty("ai").GetProperty("verdict").GetString() == "ai" && app.GetProperty("grants").GetInt32() > 0)
            .OrderByDescending(app => app.GetProperty("ai").GetProperty("evidence").EnumerateArray().Any(signal => signal.GetProperty("signal").GetString() is "domain" or "appId" or "verifiedPublisher"))
            .ThenByDescending(app => app.GetProperty("risk").GetProperty("score").GetInt32())
            .Select(app => rows[app.GetProperty("servicePrincipalId").GetGuid()]).Where(app => app.OwnerTenantId != tenant.TenantId).ToArray();
        Genuine = apps.First(app => app.DisplayName == "Claude").Id;
        var others = new Queue<SimulatedServicePrincipal>(apps.Where(app => app.Id != Genuine));
        string[] addresses = ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", @"\\evil.example\share", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/"];
        tenant.Change(change =>
        {
            foreach (var name in Hostile.Names.Concat(["\"; rm -rf / #", "x' or '1' eq '1", "   "]))
            {
                var app = others.Dequeue();
                change.Put(app with { DisplayName = name });
                Names[app.Id] = name;
            }

            foreach (var address in addresses)
            {
                var app = others.Dequeue();
                change.Put(app with { Homepage = address, ReplyUrls = [address] });
                Addresses[app.Id] = address;
            }

            Twins = [others.Peek().Id, others.ToArray()[1].Id];
            change.Put(others.Dequeue() with { DisplayName = "Same Name" });
            change.Put(others.Dequeue() with { DisplayName = "Same Name" });
            Impostor = others.Peek().Id;
            change.Put(others.Dequeue() with { DisplayName = "Microsoft Graph Command Line Tools" });
            change.Put(others.Dequeue() with { DisplayName = "Clаude" });
        });
        var scan = await _tenant.Scan("--policy", _tenant.Folder["governance.yaml"]);
        Notes = scan.Notes;
        Findings = await Of("findings");
        Apps = await Of("apps", "--show", "all");
        Csv = await Of("export", "--format", "csv");
        AppsCsv = await Of("export", "--format", "csv", "--what", "apps");
        Json = await Of("export", "--format", "json", "--what", "all");
        Lines = await Of("export", "--format", "jsonlines");
        Ocsf = await Of("export", "--format", "ocsf");
        Markdown = await Of("export", "--format", "markdown", "--what", "all");
        Text = await Of("digest", "--format", "text", "--audience", "security");
        Cards = [await Of("digest"), await Of("digest", "--audience", "security")];
        await Of("report", "--out", _tenant.Folder["r.html"]);
        Page = Report.Page.Parse(await File.ReadAllBytesAsync(_tenant.Folder["r.html"]));
    }

    public async Task DisposeAsync() => await _tenant!.DisposeAsync();

    internal async Task<Run> Of(params string[] arguments)
    {
        var run = await Run.Of([.. arguments, "--data", Data]);
        Assert.True(run.Code is 0 or 2, run.Notes);
        return run;
    }
}
