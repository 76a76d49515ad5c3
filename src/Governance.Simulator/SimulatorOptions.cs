namespace Governance.Simulator;

/// <summary>How the simulated Graph behaves. The defaults are what a real tenant has been seen to do, without faults or waits.</summary>
public sealed record SimulatorOptions
{
    /// <summary>TCP port on the loopback address; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Clock for the Date header, the quota and the waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Waited before each answer.</summary>
    public TimeSpan LatencyPerRequest { get; init; }

    /// <summary>Waited in addition for each row of the answer.</summary>
    public TimeSpan LatencyPerRow { get; init; }

    /// <summary>Resource units allowed in ten seconds, such as 3,500, 5,000 or 8,000; null for no limit.</summary>
    public int? ResourceUnitsPerTenSeconds { get; init; }

    /// <summary>
    /// The list of delegated permission grants leaves out rows unless it is asked with <c>ConsistencyLevel: eventual</c> and
    /// <c>$top=999</c>, and app role assignments leave out managed identities below <c>$top=999</c>. Both were seen in real tenants.
    /// </summary>
    public bool LosesRows { get; init; } = true;

    /// <summary>Application permissions of the caller, for example <c>Directory.Read.All</c>; null for all of them.</summary>
    public IReadOnlySet<string>? Rights { get; init; }

    /// <summary>The one bearer token that is accepted; null accepts any that is not empty.</summary>
    public string? Token { get; init; }

    /// <summary>Answers each bearer token is good for before it has expired (401); null for ever.</summary>
    public int? RequestsPerToken { get; init; }

    /// <summary>False: sign-in activity is refused for want of a licence.</summary>
    public bool PremiumLicence { get; init; } = true;

    /// <summary>Rows in a page of a delta answer when the request names no number.</summary>
    public int DeltaPageSize { get; init; } = 999;

    /// <summary>How long a delta token lives. Seven days for directory objects.</summary>
    public TimeSpan DeltaTokenLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Requests the log keeps; the oldest go first. Totals count all.</summary>
    public int LoggedRequests { get; init; } = 100_000;
}
