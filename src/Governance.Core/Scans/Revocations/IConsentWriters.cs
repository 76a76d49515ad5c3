namespace Governance.Core.Scans.Revocations;

/// <summary>Opens what may change a tenant's consents. A head without it can plan and sign off, but carries nothing out.</summary>
public interface IConsentWriters
{
    /// <exception cref="SettingsException">The writer's credential cannot be used.</exception>
    OpenedWriter Open(Guid tenantId);
}

/// <summary>An opened writer and what to close afterwards.</summary>
public sealed record OpenedWriter(IConsentWriter Writer, IDisposable? Closing) : IDisposable
{
    public void Dispose() => Closing?.Dispose();
}
