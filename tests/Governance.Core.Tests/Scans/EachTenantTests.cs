using Governance.Core.Scans;

namespace Governance.Core.Tests.Scans;

public sealed class EachTenantTests
{
    private static readonly Guid[] Three = [Guid.Parse("00000000-0000-4000-8000-000000000001"), Guid.Parse("00000000-0000-4000-8000-000000000002"), Guid.Parse("00000000-0000-4000-8000-000000000003")];

    [Fact]
    public async Task MT_3_a_tenant_that_throws_keeps_no_other_from_its_turn_and_is_named_at_the_end()
    {
        var done = new List<Guid>();

        var failed = await Assert.ThrowsAsync<TenantsFailedException>(() => EachTenant.RunAsync(Three, Work, default));

        Assert.Equal([Three[0], Three[2]], done);
        Assert.Equal(Three[1], Assert.Single(failed.Failures).TenantId);
        Assert.Contains($"{Three[1]} (InvalidOperationException)", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("text of the tenant", failed.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(Assert.Single(failed.InnerExceptions));

        Task Work(Guid tenant, CancellationToken stop)
        {
            if (tenant == Three[1])
            {
                throw new InvalidOperationException("text of the tenant");
            }

            done.Add(tenant);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_request_that_timed_out_is_the_failure_of_its_tenant()
    {
        var tried = 0;

        var failures = await EachTenant.TryAsync(Three, (_, _) => ++tried == 1 ? throw new TaskCanceledException() : Task.CompletedTask, default);

        Assert.Equal(3, tried);
        Assert.Equal(Three[0], Assert.Single(failures).TenantId);
    }

    [Fact]
    public async Task A_stop_ends_the_round()
    {
        using var stop = new CancellationTokenSource();
        var tried = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EachTenant.RunAsync(Three, WorkAsync, stop.Token));

        Assert.Equal(1, tried);

        async Task WorkAsync(Guid tenant, CancellationToken token)
        {
            tried++;
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public void Of_thousands_of_failures_a_few_are_named_and_all_are_counted()
    {
        var failures = Enumerable.Range(1, 5000).Select(_ => new TenantFailure(Guid.NewGuid(), new TimeoutException())).ToArray();

        var failed = new TenantsFailedException(failures);

        Assert.Equal(5000, failed.Failures.Length);
        Assert.Contains("5000 tenants", failed.Message, StringComparison.Ordinal);
        Assert.InRange(failed.ToString().Length, 1, 20_000);
    }
}
