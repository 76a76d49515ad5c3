using Governance.Core.Consents;
using Governance.Core.Scans;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365.Graph;

/// <summary>What the parts of one reading share.</summary>
/// <param name="Token">Cancelled by the caller, when the reading is given up, and when its time is used up.</param>
internal sealed record TenantRead(
    GraphClient Client,
    PageWalk Walk,
    GraphEndpoint Endpoint,
    GraphOptions Options,
    RequestMeter Meter,
    IProgress<ReadProgress> Progress,
    TimeProvider Time,
    ILogger Logger,
    CancellationToken Token)
{
    /// <summary>Requests to the directory wait together.</summary>
    public ThrottleGate Directory { get; } = new(Time);

    /// <summary>Audit log and reports have a quota of their own.</summary>
    public ThrottleGate Reports { get; } = new(Time);

    public ThrottleGate Governance { get; } = new(Time);

    /// <summary>Null when an unfinished reading is not kept.</summary>
    public ReadingCheckpoints? Checkpoints { get; init; }

    public void Report(InventoryPart part, long items, long? expected) => Progress.Report(new ReadProgress(part, items, expected, Done: false));

    /// <summary>Tells that a part has ended.</summary>
    public PartReading Ended(PartReading reading, long unreadable)
    {
        Progress.Report(new ReadProgress(reading.Part, reading.Items, reading.Expected, Done: true));
        if (!reading.Complete)
        {
            Logger.NotWhole(reading.Part, reading.Status, reading.Items, reading.Pages, unreadable);
        }

        return reading;
    }
}

/// <summary>A part as read, with how much of it that is.</summary>
internal readonly record struct PartOutcome<T>(T Value, PartReading Reading);
