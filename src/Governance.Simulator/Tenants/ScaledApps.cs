using System.Collections.Immutable;

namespace Governance.Simulator.Tenants;

/// <summary>Service principals of a scaled tenant: first the resources (Microsoft Graph is index 0), then the apps.</summary>
internal sealed class ScaledApps(TenantSize size, ulong seed, DateTimeOffset now) : IRowSource<Guid, SimulatedServicePrincipal>
{
    /// <summary>Every nineteenth app or so is an AI tool.</summary>
    private static readonly ImmutableArray<(string Name, string Host)> AiTools =
    [
        ("Jasper", "jasper.ai"), ("Otter.ai", "otter.ai"), ("Gamma", "gamma.app"), ("DeepL", "deepl.com"), ("HeyGen", "heygen.com"),
        ("Grammarly", "grammarly.com"), ("tl;dv", "tldv.io"), ("Beautiful.ai", "beautiful.ai"),
    ];

    private static readonly ImmutableArray<string> Words =
        ["Orbit", "Ledger", "Canvas", "Pulse", "Harbor", "Summit", "Relay", "Meadow", "Signal", "Quartz", "Lantern", "Mosaic"];

    private readonly SimulatedServicePrincipal[] resources =
        [.. Enumerable.Range(0, size.Resources).Select(index => ResourceCatalogue.Resource(seed, index, now.AddYears(-3)))];

    public int Count => size.ServicePrincipals;

    public SimulatedServicePrincipal At(int index)
    {
        if (index < resources.Length)
        {
            return resources[index];
        }

        var hash = Hash.Mix(seed, 20, (ulong)index);
        var managed = hash % 40 == 1;
        var (name, host) = hash % 19 == 0
            ? Hash.Pick(Hash.Mix(hash), AiTools)
            : ($"{Words[index % Words.Length]} {Words[(int)((hash >> 8) % 12)]} {index}", $"app{index}.example");
        return new SimulatedServicePrincipal
        {
            Id = StableGuid.Create(seed, RowKind.ServicePrincipal, index),
            AppId = StableGuid.Create(seed, RowKind.AppId, index),
            DisplayName = managed ? "mi-" + name.Replace(' ', '-') : name,
            Type = managed ? "ManagedIdentity" : "Application",
            OwnerTenantId = managed ? null : StableGuid.Create(seed, RowKind.OwnerTenant, index),
            AccountEnabled = (hash >> 20) % 50 != 0,
            VerifiedPublisher = (hash >> 28) % 3 == 0 ? new SimulatedPublisher(name + " Inc.", (1_000_000 + index).ToString(), now.AddYears(-1)) : null,
            Created = now.AddHours(-(double)((hash >> 32) % 20_000)),
            Homepage = managed ? null : $"https://www.{host}",
            ReplyUrls = managed ? [] : [$"https://app.{host}/signin-oidc"],
            Tags = managed ? [] : ["WindowsAzureActiveDirectoryIntegratedApp"],
        };
    }

    public int IndexOf(Guid key) =>
        StableGuid.IndexOf(seed, RowKind.ServicePrincipal, key) is var index && index < Count ? index : -1;

    public (int Start, int End) RangeOf(Guid owner) => IndexOf(owner) is var index and >= 0 ? (index, index + 1) : default;
}
