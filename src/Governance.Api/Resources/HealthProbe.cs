namespace Governance.Api.Resources;

public enum HealthState
{
    Healthy,

    /// <summary>Answers, but something needs a look.</summary>
    Degraded,

    /// <summary>Cannot do its work.</summary>
    Unhealthy,
}

/// <param name="Note">One sentence for people, without internals; null when there is nothing to say.</param>
public sealed record HealthReading(HealthState State, string? Note)
{
    public static readonly HealthReading Healthy = new(HealthState.Healthy, null);
}

/// <summary>Something that the health of a head depends on.</summary>
public sealed record HealthProbe(string Name, Func<CancellationToken, Task<HealthReading>> ReadAsync);
