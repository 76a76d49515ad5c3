namespace Governance.Core.Consents;

/// <summary>A publisher whose identity Microsoft has checked.</summary>
/// <param name="Name">Name of the verified organisation.</param>
/// <param name="Id">Partner id; null when the source did not say.</param>
/// <param name="AddedAt">When the mark was given; null when the source did not say.</param>
public sealed record VerifiedPublisher(string Name, string? Id, DateTimeOffset? AddedAt);
