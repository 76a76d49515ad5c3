namespace Governance.Core.Catalogue;

/// <summary>What a person of this tenant confirmed an app to be.</summary>
/// <param name="Verdict">Any but <see cref="AiVerdict.Unknown"/>.</param>
/// <param name="Product">Name of the product as the catalogue knows it, or as the person called it; null when none was named.</param>
public sealed record LearnedApp(Guid AppId, AiVerdict Verdict, string? Product);
