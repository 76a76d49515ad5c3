namespace Governance.Core.Policy;

/// <summary>Figures of a breach-cost scenario; all come from the policy file, none from the program.</summary>
/// <param name="Currency">Three letters of ISO 4217.</param>
/// <param name="MuchShadowAi">Cost of a breach in organisations with much shadow AI.</param>
/// <param name="LittleShadowAi">Cost of a breach in organisations with little or none.</param>
/// <param name="CustomerPiiShare">Share of such breaches that expose customer PII, in percent.</param>
/// <param name="SavedByPolicy">What a governance policy saves a breach.</param>
/// <param name="SavedByTooling">What governance tooling saves a breach.</param>
public sealed record CostScenarioSetting(
    string Currency,
    SourcedFigure MuchShadowAi,
    SourcedFigure LittleShadowAi,
    SourcedFigure CustomerPiiShare,
    SourcedFigure SavedByPolicy,
    SourcedFigure SavedByTooling);

/// <summary>A figure with where it comes from.</summary>
/// <param name="Year">Year that the source speaks of.</param>
public sealed record SourcedFigure(decimal Amount, string Source, int Year);
