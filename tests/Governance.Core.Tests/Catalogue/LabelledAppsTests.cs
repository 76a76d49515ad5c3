using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Catalogue;
using Xunit.Abstractions;

namespace Governance.Core.Tests.Catalogue;

public sealed class LabelledAppsTests(ITestOutputHelper output)
{
    private static readonly Guid Home = Guid.Parse("3f1f8f3e-6a55-4a0e-9a52-7b0c5f7e1001");

    [Fact]
    public void The_half_that_was_not_tuned_on_keeps_the_floors()
    {
        var evaluation = Evaluate("test");

        Assert.True(evaluation.Precision >= 0.95, $"precision {evaluation.Precision}");
        Assert.True(evaluation.Recall >= 0.92, $"recall {evaluation.Recall}");
        Assert.True(evaluation.LookalikeRecall >= 0.9, $"look-alikes {evaluation.LookalikeRecall}");
        Assert.True(evaluation.FalseAccusations <= 0.01, $"false accusations {evaluation.FalseAccusations}");
    }

    [Fact]
    public void Confident_verdicts_are_right_more_often_than_doubtful_ones()
    {
        var bins = Evaluate("test").Reliability;

        foreach (var bin in bins)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bin.From:F1}  {bin.Right,4} of {bin.Verdicts,4}  mean confidence {bin.MeanConfidence:F2}"));
        }

        Assert.All(bins.Where(bin => bin.From >= 0.7), bin => Assert.True(bin.Right >= 0.95 * bin.Verdicts, $"{bin}"));
    }

    [Fact]
    public void The_set_is_large_split_in_halves_and_has_each_app_once()
    {
        var apps = Apps();

        Assert.True(apps.Length >= 600);
        Assert.All(apps, app => Assert.True(app.Half is "tuning" or "test"));
        Assert.True(apps.Count(app => app.Imitates is not null) >= 90);
        Assert.Equal(apps.Length, apps.Select(app => app.App.Id).Distinct().Count());
    }

    [Fact]
    public void A_line_that_is_no_labelled_app_is_named()
    {
        var parsed = LabelledApp.Parse("\n{\"expected\":{\"verdict\":\"maybe\"},\"app\":{\"id\":\"3f1f8f3e-6a55-4a0e-9a52-7b0c5f7e1001\"}}\nrubbish");

        var bad = Assert.IsType<Parsed<ImmutableArray<LabelledApp>>.Bad>(parsed);
        Assert.Equal([2, 3], bad.Problems.Select(problem => problem.Line));
    }

    private CatalogueEvaluation Evaluate(string half)
    {
        var evaluation = CatalogueEvaluation.Of(Apps().Where(app => app.Half == half), new AppClassifier(ProductCatalogue.Embedded, Home));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{half}: precision {evaluation.Precision:F4}, recall {evaluation.Recall:F4}, look-alikes {evaluation.LookalikeRecall:F4}, false accusations {evaluation.FalseAccusations:F4}"));
        return evaluation;
    }

    private static ImmutableArray<LabelledApp> Apps()
    {
        var parsed = LabelledApp.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Catalogue", "labelled-apps.jsonl")));
        return Assert.IsType<Parsed<ImmutableArray<LabelledApp>>.Good>(parsed).Value;
    }
}
