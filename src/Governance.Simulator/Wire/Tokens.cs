using System.Collections.Concurrent;

namespace Governance.Simulator.Wire;

/// <summary>Checks bearer tokens and lets them run out. Tokens are kept as hashes.</summary>
internal sealed class Tokens(SimulatorOptions options)
{
    private readonly ConcurrentDictionary<int, int> uses = new();

    /// <exception cref="GraphException">401.</exception>
    public void Check(string? header)
    {
        const string scheme = "Bearer ";
        var token = header is not null && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : "";
        if (token.Length == 0)
        {
            throw new GraphException(401, "InvalidAuthenticationToken", "Access token is empty.");
        }

        if (options.Token is { } only && token != only)
        {
            throw new GraphException(401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.");
        }

        if (options.RequestsPerToken is { } most
            && uses.AddOrUpdate(token.GetHashCode(StringComparison.Ordinal), 1, (_, count) => count + 1) > most)
        {
            throw new GraphException(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.");
        }
    }
}
