using Governance.EndToEnd.Tests.Api;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Faults;

/// <summary>A server that is dead, what it left, and what is known from outside of what it did.</summary>
/// <param name="Folder">Its folder, with the data in <c>data</c>; nothing is written there.</param>
/// <param name="Tenant">The tenant it served.</param>
internal sealed record KilledServer(TemporaryFolder Folder, ScannableTenant Tenant)
{
    /// <summary>Runs that clients were told of.</summary>
    public IReadOnlyCollection<string> Accepted { get; init; } = [];

    /// <summary>Texts that may stand in no file of the folder.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>Object ids of people whose acts it acknowledged.</summary>
    public IReadOnlyCollection<Guid> Actors { get; init; } = [];

    /// <summary>The policy file it judged by; null for the built-in policy.</summary>
    public string? Policy { get; init; }
}
