namespace Governance.Core.Consents;

/// <summary>A role that a resource offers to apps or users.</summary>
/// <param name="Value">Claim value such as <c>Mail.Read</c>; null for a role that gives no claim.</param>
public sealed record AppRole(Guid Id, string? Value);
