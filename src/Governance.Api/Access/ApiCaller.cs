using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Governance.Api.Access;

/// <summary>What a proof says about who is behind a call.</summary>
public enum CallerKind
{
    /// <summary>A single human, known by tenant and object id. May do whatever the roles allow.</summary>
    Person,

    /// <summary>A program or an agent. May read and scan, and never acts.</summary>
    Program,

    /// <summary>A user whom the token does not identify. May read.</summary>
    Unidentified,
}

/// <summary>Who calls, as proven for this request.</summary>
/// <param name="Id">
/// Tenant and object id of a person, tenant and client id of a program, or <c>local:</c> and the name of a token. Never a personal name.
/// </param>
/// <param name="Tenants">Tenants whose data it may see; null for all that this server keeps.</param>
public sealed record ApiCaller(string Id, CallerKind Kind, ApiRoles Roles, ImmutableArray<Guid>? Tenants)
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

/// <summary>One way to prove who opens a page in a browser, which sends no Authorization header.</summary>
public interface IBrowserProof
{
    /// <returns>The caller; null when the request proves nothing in this way.</returns>
    /// <exception cref="ProofUnavailableException">What is needed to check the proof cannot be reached.</exception>
    ValueTask<ApiCaller?> ProveAsync(HttpRequest request, CancellationToken cancellationToken);
}

/// <summary>A token can be neither accepted nor refused at the moment.</summary>
public sealed class ProofUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
