using System.Collections.Immutable;

namespace Governance.Core.Catalogue;

/// <summary>How often verdicts of one confidence were right.</summary>
/// <param name="From">Lower end of confidence, included; the bin ends 0.1 above.</param>
/// <param name="Right">AI verdicts that were right.</param>
public sealed record ReliabilityBin(double From, int Verdicts, int Right, double MeanConfidence);

/// <summary>An app that was judged other than its label says.</summary>
public sealed record Misjudged(LabelledApp App, Classification Classification);

/// <summary>How well a classifier does on a labelled set.</summary>
/// <param name="Precision">Right share of AI verdicts; null when there was none.</param>
/// <param name="Recall">Share of AI tools found; null when the set holds none.</param>
/// <param name="LookalikeRecall">Share of look-alikes caught; null when the set holds none.</param>
/// <param name="FalseAccusations">Share of genuine apps taken for look-alikes; null when the set holds none.</param>
/// <param name="Reliability">AI verdicts by confidence, lowest first; empty bins left out.</param>
/// <param name="WrongVerdicts">Those that count against precision or recall, in the order of the set.</param>
/// <param name="WrongLookalikes">Look-alikes missed and genuine apps accused, in the order of the set.</param>
public sealed record CatalogueEvaluation(
    int Apps,
    double? Precision,
    double? Recall,
    double? LookalikeRecall,
    double? FalseAccusations,
    ImmutableArray<ReliabilityBin> Reliability,
    ImmutableArray<Misjudged> WrongVerdicts,
    ImmutableArray<Misjudged> WrongLookalikes)
{
    /// <summary>Judges every app. Only <see cref="AiVerdict.Ai"/> counts as a positive.</summary>
    public static CatalogueEvaluation Of(IEnumerable<LabelledApp> apps, AppClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(apps);
        ArgumentNullException.ThrowIfNull(classifier);
        var judged = apps.Select(app => new Misjudged(app, classifier.Classify(app.App))).ToList();
        var counted = judged.Where(one => one.App.Expected is not null).ToList();
        var found = counted.Where(Positive).ToList();
        var tools = counted.Count(one => one.App.Expected == AiVerdict.Ai);
        var imitations = judged.Where(one => one.App.Imitates is not null).ToList();
        var genuine = judged.Where(one => one.App.Imitates is null).ToList();
        return new CatalogueEvaluation(
            judged.Count,
            Share(found.Count(Right), found.Count),
            Share(found.Count(Right), tools),
            Share(imitations.Count(one => one.Classification.Lookalike is not null), imitations.Count),
            Share(genuine.Count(one => one.Classification.Lookalike is not null), genuine.Count),
            [.. found
                .GroupBy(one => Math.Min(9, (int)(one.Classification.Ai.Confidence * 10)))
                .OrderBy(bin => bin.Key)
                .Select(bin => new ReliabilityBin(bin.Key / 10.0, bin.Count(), bin.Count(Right), bin.Average(one => one.Classification.Ai.Confidence)))],
            [.. counted.Where(one => Positive(one) != (one.App.Expected == AiVerdict.Ai))],
            [.. judged.Where(one => one.App.Imitates is null != one.Classification.Lookalike is null)]);
    }

    private static bool Positive(Misjudged one) => one.Classification.Ai.Verdict == AiVerdict.Ai;

    private static bool Right(Misjudged one) => one.App.Expected == AiVerdict.Ai;

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
