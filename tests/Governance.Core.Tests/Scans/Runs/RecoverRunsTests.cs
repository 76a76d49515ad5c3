using System.Collections.Immutable;
using Governance.Core.Scans;
using Governance.Core.Scans.Queue;
using Governance.Core.Scans.Runs;
using Moq;

namespace Governance.Core.Tests.Scans.Runs;

public sealed class RecoverRunsTests
{
    [Fact]
    public async Task MT_3_a_run_that_cannot_be_put_right_keeps_no_other_waiting()
    {
        var runs = Enumerable.Range(1, 3).Select(number => ScanRun.New($"run-{number}", Some.Id(number), ScanMode.Full, "schedule:nightly", Some.Moment)).ToImmutableArray();
        var live = new Mock<IScanRuns>();
        live.Setup(store => store.LiveAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new LiveRuns(runs, [new TenantFailure(Some.Id(4), new InvalidDataException("damaged"))]));
        var queue = new Mock<IScanQueue>();
        queue.Setup(messages => messages.ParkedAsync(It.IsAny<int>(), It.IsAny<CancellationToken>())).ReturnsAsync([]);
        queue.Setup(messages => messages.SendAsync(It.Is<QueueMessage>(message => message.TenantId != Some.Id(2)), It.IsAny<CancellationToken>())).ReturnsAsync(true);
        queue.Setup(messages => messages.SendAsync(It.Is<QueueMessage>(message => message.TenantId == Some.Id(2)), It.IsAny<CancellationToken>())).ThrowsAsync(new TimeoutException());

        var recovery = await new RecoverRuns(live.Object, queue.Object, new HandSetTime(Some.Moment)).RunAsync(default);

        Assert.Equal(2, recovery.PutRight);
        Assert.Equal([Some.Id(4), Some.Id(2)], recovery.Failures.Select(failure => failure.TenantId));
        queue.Verify(messages => messages.SendAsync(It.Is<QueueMessage>(message => message.TenantId == Some.Id(3)), It.IsAny<CancellationToken>()));
    }
}
