using System.Collections.Immutable;

namespace Governance.Core.Scans;

/// <summary>The tenants this program is set up to scan, and how each is read and judged.</summary>
public interface ITenantSources
{
    /// <summary>Sorted.</summary>
    ImmutableArray<Guid> Tenants { get; }

    /// <summary>Opens a tenant's source with the policy and catalogue of this moment, frozen for one scan.</summary>
    /// <param name="mode">What was asked for; the source says in <see cref="IConsentSource.Mode"/> what it will do.</param>
    /// <exception cref="KeyNotFoundException">The tenant is not set up.</exception>
    /// <exception cref="SettingsException">Policy, catalogue or credentials cannot be read.</exception>
    Task<OpenedTenant> OpenAsync(Guid tenantId, ScanMode mode, CancellationToken cancellationToken);
}

/// <summary>An opened source, what to judge by, and what to close afterwards.</summary>
public sealed record OpenedTenant(IConsentSource Source, ScanRequest Request, IDisposable? Closing) : IDisposable
{
    public void Dispose() => Closing?.Dispose();
}

/// <summary>A setting or a file it names cannot be used; repeating without a change is of no use.</summary>
/// <param name="message">Names the setting, never its value.</param>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
