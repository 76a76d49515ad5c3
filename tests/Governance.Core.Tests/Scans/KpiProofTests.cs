using System.Collections.Immutable;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Core.Tests.Scans;

public sealed class KpiProofTests
{
    private static readonly KpiValue Stored = new("look-alikes", 3, "count", null, null, Trend.None, 10, 1, Complete: true, null);

    [Fact]
    public void Without_a_difference_every_figure_follows()
    {
        Assert.Equal(new KpiProof.Same(2), KpiProof.Of(Result() with { Scans = ["one", "two"] }));
    }

    [Fact]
    public void A_figure_that_nothing_explains_is_wrong_and_named_alone()
    {
        var proof = KpiProof.Of(Result(Differs(Stored with { Value = 4 }), Differs(Stored with { Id = "other", DefinitionVersion = 2 })));

        Assert.Equal("look-alikes", Assert.Single(Assert.IsType<KpiProof.Wrong>(proof).Differences).Kpi);
    }

    [Fact]
    public void A_figure_whose_meaning_changed_is_judged_otherwise_and_the_index_with_it()
    {
        var index = Stored with { Id = "governance-index" };

        Assert.IsType<KpiProof.JudgedOtherwise>(KpiProof.Of(Result(Differs(Stored with { DefinitionVersion = 2 }), new KpiDifference("scan", index.Id, index, index with { Value = 9 }))));
        Assert.IsType<KpiProof.Wrong>(KpiProof.Of(Result(new KpiDifference("scan", index.Id, index, index with { Value = 9 }))));
    }

    [Fact]
    public void A_figure_that_came_or_went_is_judged_otherwise()
    {
        Assert.IsType<KpiProof.JudgedOtherwise>(KpiProof.Of(Result(new KpiDifference("scan", "new", null, Stored))));
        Assert.IsType<KpiProof.JudgedOtherwise>(KpiProof.Of(Result(new KpiDifference("scan", "gone", Stored, null))));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Another_policy_or_catalogue_explains_whatever_differs(bool samePolicy, bool sameCatalogue)
    {
        Assert.IsType<KpiProof.JudgedOtherwise>(KpiProof.Of(Result(Differs(Stored with { Value = 4 })) with { SamePolicy = samePolicy, SameCatalogue = sameCatalogue }));
    }

    private static KpiDifference Differs(KpiValue now) => new("scan", now.Id, Stored with { Id = now.Id }, now);

    private static Recomputation Result(params ImmutableArray<KpiDifference> differences) => new(["scan"], true, true, true, differences);
}
