using System.Collections.Immutable;

namespace Governance.Core.Consents;

/// <summary>An app that users asked an administrator to allow (Graph <c>appConsentRequest</c>).</summary>
/// <param name="OldestPendingAt">When the oldest request still in progress was made; null when the source did not say.</param>
/// <param name="Pending">Requests in progress; null when the source did not say.</param>
public sealed record ConsentRequest(
    string Id, Guid AppId, string AppDisplayName, ImmutableArray<string> PendingScopes, DateTimeOffset? OldestPendingAt, int? Pending);
