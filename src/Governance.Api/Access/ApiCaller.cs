using System.Collections.Immutable;

namespace Governance.Api.Access;

/// <summary>Who calls, as proven for this request.</summary>
/// <param name="Id">Object id of a user or service principal, or <c>local:</c> and the name of a token. Never a personal name.</param>
/// <param name="Tenants">Tenants whose data it may see; null for all that this server keeps.</param>
public sealed record ApiCaller(string Id, ApiRoles Roles, ImmutableArray<Guid>? Tenants)
{
    public bool MaySee(Guid tenant) => Tenants is not { } some || some.Contains(tenant);
}

/// <summary>One way to prove who calls.</summary>
public interface ICallerProof
{
    /// <param name="bearer">Token of the Authorization header.</param>
    /// <returns>The caller; null when this way proves nothing.</returns>
    /// <exception cref="ProofUnavailableException">What is needed to check the token cannot be reached.</exception>
    ValueTask<ApiCaller?> ProveAsync(string bearer, CancellationToken cancellationToken);
}

/// <summary>A token can be neither accepted nor refused at the moment.</summary>
public sealed class ProofUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
