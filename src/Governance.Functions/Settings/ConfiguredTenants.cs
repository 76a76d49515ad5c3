using System.Collections.Immutable;
using Azure.Core;
using Azure.Identity;
using Governance.Core;
using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.Core.Scans.Revocations;
using Governance.Microsoft365.Graph;
using Governance.PolicyFile;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Settings;

/// <summary>The tenants of the settings, each read from Graph by the identity that only reads.</summary>
internal sealed partial class ConfiguredTenants(
    IOptions<AuditOptions> options, IScanStore store, IScanCheckpoints checkpoints, ILearnedApps learned, TimeProvider time, ILogger<GraphConsentSource> logger) : ITenantSources
{
    private static readonly string[] Exchange = ["api://AzureADTokenExchange/.default"];
    private readonly AuditOptions _options = options.Value;

    public ImmutableArray<Guid> Tenants { get; } = [.. options.Value.TenantTexts.Select(Guid.Parse).Distinct().Order()];

    public async Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken)
    {
        if (!Tenants.Contains(tenantId))
        {
            throw new KeyNotFoundException($"tenant {tenantId} is not set up");
        }

        var products = Products();
        var (policy, text) = Policy(products);
        var known = await products.ForAsync(tenantId, learned, cancellationToken).ConfigureAwait(false);
        var graph = new GraphOptions { TenantId = tenantId, Endpoint = _options.GraphEndpoint, TimeBudget = _options.TimeBudget, TrainingGroup = policy.TrainingGroupId };
        foreach (var part in _options.PartTexts)
        {
            graph.OptionalParts.Add(Enum.Parse<InventoryPart>(part));
        }

        if (graph.Problems() is { Count: > 0 } problems)
        {
            throw new SettingsException($"Audit: {string.Join("; ", problems)}");
        }

        var http = GraphTransport.Client(graph);
        var incremental = mode == ScanMode.Incremental ? IncrementalReading.On(store, note => Said(logger, tenantId, note)) : IncrementalReading.Everything;
        var source = new GraphConsentSource(
            http, graph, new CredentialToken(() => Credential(tenantId), time), time, logger, incremental, new CheckpointedReading(checkpoints, CheckpointedReading.Usual) { Suspends = true });
        var request = new ScanRequest(policy, text, inventory => new AppClassifier(known, inventory.Organization.TenantId, inventory.ReadAt).Classify, known.Version, tenantId);
        return new OpenedTenant(source, request, http);
    }

    public static string PathOf(string file) => Path.GetFullPath(file, AppContext.BaseDirectory);

    /// <summary>Tokens of the identity itself, for what is posted in its own tenant.</summary>
    public static CredentialToken OwnToken(string? readerClientId, TimeProvider time) => string.IsNullOrEmpty(readerClientId)
        ? CredentialToken.FromThisMachine(time)
        : new CredentialToken(() => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(readerClientId)), time);

    /// <summary>What carries out revocations; null where no writer is set.</summary>
    public static IConsentWriters? Writers(AuditOptions options, TimeProvider time) => string.IsNullOrEmpty(options.WriterClientId)
        ? null
        : new GraphConsentWriters(options.GraphEndpoint, tenant => new CredentialToken(() => Credential(tenant, options.WriterClientId, options.WriterApplicationId), time), time);

    private TokenCredential Credential(Guid tenantId) => string.IsNullOrEmpty(_options.ReaderClientId)
        ? new DefaultAzureCredential()
        : Credential(tenantId, _options.ReaderClientId, _options.ApplicationId);

    /// <summary>The identity itself in its own tenant; in another one the application that trusts it, with the identity's token as its proof.</summary>
    private static TokenCredential Credential(Guid tenantId, string clientId, string? applicationId)
    {
        var identity = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
        return string.IsNullOrEmpty(applicationId)
            ? identity
            : new ClientAssertionCredential(
                tenantId.ToString("D"), applicationId,
                async cancellationToken => (await identity.GetTokenAsync(new TokenRequestContext(Exchange), cancellationToken).ConfigureAwait(false)).Token);
    }

    private ProductCatalogue Products() => string.IsNullOrEmpty(_options.CatalogueFile)
        ? ProductCatalogue.Embedded
        : Value(ProductCatalogue.Parse(File.ReadAllBytes(PathOf(_options.CatalogueFile))), "Audit__CatalogueFile");

    private (GovernancePolicy Policy, string Text) Policy(ProductCatalogue products)
    {
        if (string.IsNullOrEmpty(_options.PolicyFile))
        {
            return (GovernancePolicy.BuiltIn, string.Empty);
        }

        var names = products.Products.SelectMany(product => product.Aliases.Prepend(product.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var text = File.ReadAllText(PathOf(_options.PolicyFile));
        return (Value(PolicyYaml.Read(text, names.Contains, names), "Audit__PolicyFile"), text);
    }

    private static T Value<T>(Parsed<T> parsed, string setting) => parsed switch
    {
        Parsed<T>.Good good => good.Value,
        Parsed<T>.Bad bad => throw new SettingsException($"{setting}: {string.Join("; ", bad.Problems)}"),
        _ => throw new InvalidOperationException("a reading is good or bad"),
    };

    [LoggerMessage(801, LogLevel.Information, "Tenant {TenantId}: {Note}")]
    private static partial void Said(ILogger logger, Guid tenantId, string note);
}
