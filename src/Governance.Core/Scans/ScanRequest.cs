using Governance.Core.Catalogue;
using Governance.Core.Consents;
using Governance.Core.Policy;
using Governance.Core.Scans.Runs;

namespace Governance.Core.Scans;

/// <summary>What a scan judges by: frozen when it starts, whatever changes meanwhile.</summary>
/// <param name="PolicyText">Policy file as read; empty for the built-in policy.</param>
/// <param name="Classify">Verdict on what an app is, for the inventory read; called from several threads.</param>
/// <param name="CatalogueVersion">Version of what <paramref name="Classify"/> rests on.</param>
/// <param name="TenantId">Tenant that is meant; null to take whichever the source reads.</param>
public sealed record ScanRequest(
    GovernancePolicy Policy,
    string PolicyText,
    Func<Inventory, Func<ServicePrincipal, Classification>> Classify,
    string CatalogueVersion,
    Guid? TenantId = null)
{
    /// <summary>Run and delivery the scan is for; null for one that nobody else can overtake.</summary>
    public ScanFence? Fence { get; init; }

    /// <summary>True to have every app in <see cref="ScanReport.Records"/>.</summary>
    public bool KeepsRecords { get; init; }

    /// <summary>Threads to judge with; null for one for each processor.</summary>
    public int? Workers { get; init; }
}

/// <summary>The source read another tenant than the one asked for; nothing was stored.</summary>
public sealed class TenantMismatchException(Guid asked, Guid read)
    : Exception($"asked to scan tenant {asked}, but the source answered for tenant {read}");
