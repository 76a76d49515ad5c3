using System.Collections.Immutable;

namespace Governance.Core.Scans;

/// <summary>Does a piece of work for one tenant after the other. What fails for one costs the others nothing.</summary>
public static class EachTenant
{
    /// <exception cref="TenantsFailedException">The work failed for some tenants; it was tried for every one.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped; the tenants that follow were not tried.</exception>
    public static async Task RunAsync(IEnumerable<Guid> tenants, Func<Guid, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        TenantsFailedException.ThrowIfAny(await TryAsync(tenants, work, cancellationToken).ConfigureAwait(false));

    /// <returns>Tenants that the work failed for; for a caller that has more to do before it says so.</returns>
    /// <exception cref="OperationCanceledException">The caller stopped; the tenants that follow were not tried.</exception>
    public static async Task<ImmutableArray<TenantFailure>> TryAsync(
        IEnumerable<Guid> tenants, Func<Guid, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var failures = ImmutableArray.CreateBuilder<TenantFailure>();
        foreach (var tenant in tenants)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await work(tenant, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // A request that timed out is cancelled too, but nobody stopped the round.
                failures.Add(new TenantFailure(tenant, fault));
            }
        }

        return failures.DrainToImmutable();
    }
}

/// <summary>Work that failed for one tenant.</summary>
public sealed record TenantFailure(Guid TenantId, Exception Fault);

/// <summary>Work failed for some tenants, and was tried for every one. The message names them by id.</summary>
/// <remarks>Inner exceptions are those of the tenants that the message names; the rest is counted.</remarks>
public sealed class TenantsFailedException : AggregateException
{
    /// <summary>Keeps a log entry readable when a fault hits thousands of tenants.</summary>
    private const int MostNamed = 20;

    public TenantsFailedException(IReadOnlyCollection<TenantFailure> failures)
        : base(failures.Take(MostNamed).Select(failure => failure.Fault))
    {
        Failures = [.. failures];
        var named = string.Join(", ", Failures.Take(MostNamed).Select(failure => $"{failure.TenantId} ({failure.Fault.GetType().Name})"));
        Message = $"it failed for {Failures.Length} tenants: {named}{(Failures.Length > MostNamed ? $" and {Failures.Length - MostNamed} more" : string.Empty)}";
    }

    public ImmutableArray<TenantFailure> Failures { get; }

    public override string Message { get; }

    public static void ThrowIfAny(IReadOnlyCollection<TenantFailure> failures)
    {
        if (failures.Count > 0)
        {
            throw new TenantsFailedException(failures);
        }
    }
}
