namespace Governance.Core.Consents;

/// <summary>An AI agent with an identity of its own (Entra Agent ID): a service principal without an application.</summary>
/// <param name="Id">Object id of its service principal.</param>
/// <param name="BlueprintId">What it was made after, together with all agents of its kind; null when the source did not say.</param>
/// <param name="CreatedByAppId">Application that made it; null when the source did not say.</param>
/// <remarks>Source: Graph <c>agentIdentity</c>, read 2026-11-22. Who sponsors it is not read.</remarks>
public sealed record AgentIdentity(Guid Id, Guid? BlueprintId, Guid? CreatedByAppId);
