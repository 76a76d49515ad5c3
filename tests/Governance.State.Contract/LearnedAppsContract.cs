using Governance.Core.Catalogue;
using Xunit;

namespace Governance.State.Contract;

/// <summary>What every keeper of confirmations does.</summary>
public abstract class LearnedAppsContract
{
    private static readonly Guid Tenant = Guid.Parse("10000000-0000-4000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("10000000-0000-4000-8000-000000000002");
    private static readonly Guid App = Guid.Parse("20000000-0000-4000-8000-000000000001");
    private static readonly DateTimeOffset Moment = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    protected abstract ILearnedApps Open();

    [Fact]
    public async Task Nothing_is_confirmed_at_first()
    {
        Assert.Empty(await Open().ConfirmationsAsync(Tenant, default));
    }

    [Fact]
    public async Task Confirmations_come_back_as_given_and_in_order()
    {
        var kept = Open();
        var first = new Confirmation(new LearnedApp(App, AiVerdict.Ai, "Brand\u202E Voice"), "a person", "seen in use\nby sales", Moment);
        var second = new Confirmation(new LearnedApp(App, AiVerdict.NotAi, null), "another", "it was the calendar", Moment.AddDays(1));

        await kept.ConfirmAsync(Tenant, first, default);
        await kept.ConfirmAsync(Tenant, second, default);

        Confirmation[] expected = [first, second];
        Assert.Equal(expected, (await kept.ConfirmationsAsync(Tenant, default)).ToArray());
        Assert.Equal(expected, (await Open().ConfirmationsAsync(Tenant, default)).ToArray());
    }

    [Fact]
    public async Task One_tenant_learns_nothing_from_another()
    {
        var kept = Open();

        await kept.ConfirmAsync(Other, new Confirmation(new LearnedApp(App, AiVerdict.Ai, null), "a person", "because", Moment), default);

        Assert.Empty(await kept.ConfirmationsAsync(Tenant, default));
    }

    [Fact]
    public async Task Confirmations_made_at_once_are_all_kept()
    {
        var kept = Open();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            kept.ConfirmAsync(Tenant, new Confirmation(new LearnedApp(App, AiVerdict.Ai, $"p{number}"), "a person", "because", Moment), default)));

        Assert.Equal(20, (await kept.ConfirmationsAsync(Tenant, default)).Select(confirmation => confirmation.App.Product).Distinct().Count());
    }
}
