using Governance.Core.Scans.Revocations;

namespace Governance.Microsoft365.Graph;

/// <summary>Opens the writer of each tenant, with an identity that is not the scanner's.</summary>
/// <param name="endpoint">Graph root.</param>
/// <param name="token">Tokens of the writer for a tenant; throws <see cref="Core.Scans.SettingsException"/> when there can be none.</param>
public sealed class GraphConsentWriters(Uri endpoint, Func<Guid, ITokenSource> token, TimeProvider time) : IConsentWriters
{
    public OpenedWriter Open(Guid tenantId)
    {
        var options = new GraphOptions { TenantId = tenantId, Endpoint = endpoint };
        var http = GraphTransport.Client(options);
        try
        {
            return new OpenedWriter(new GraphConsentWriter(http, options, token(tenantId), time), http);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }
}
