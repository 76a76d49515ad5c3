using Governance.Api.Http;
using Governance.Azure.Tables;
using Governance.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Functions;

/// <summary>The API of this instance. It is made at the first request, with the key that all instances sign cursors with.</summary>
internal sealed class ApiHost(IServiceProvider services, TableSharedKeys keys, ApiOptions options, IOptions<AuditOptions> audit, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private GovernanceApi? _api;

    public async Task<GovernanceApi> ApiAsync(CancellationToken cancellationToken)
    {
        if (_api is { } made)
        {
            return made;
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_api is null)
            {
                options.CursorKey = await keys.KeyAsync("cursors", 32, cancellationToken).ConfigureAwait(false);
                _api = ConfiguredTenants.Writers(audit.Value, time) is { } writers
                    ? ActivatorUtilities.CreateInstance<GovernanceApi>(services, writers)
                    : ActivatorUtilities.CreateInstance<GovernanceApi>(services);
            }

            return _api;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _api?.Dispose();
        _one.Dispose();
    }
}
