using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>Finds the answer to a request that was let in.</summary>
internal sealed class Router(SimulatedTenant tenant, SimulatorOptions options)
{
    /// <exception cref="GraphException">Graph would refuse.</exception>
    public Reply Answer(GraphCall call)
    {
        var reply = call.Method == "GET"
            ? DirectoryReads.Answer(call, options)
            : null;
        return reply ?? throw new GraphException(
            400, "BadRequest", $"Resource not found for the segment '{call.Segments[0]}', or {call.Method} is not allowed on it. Tenant {tenant.TenantId}.");
    }
}
