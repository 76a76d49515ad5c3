using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Governance.Embedded.InProcess;

/// <summary>Measurements and traces of the work done in this process, for whoever listens.</summary>
public static class WorkTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Governance.Work";

    internal static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds from delivery to settlement, by outcome: done, later, never, failed or stopped.</summary>
    internal static readonly Histogram<double> Messages = Meter.CreateHistogram<double>("governance.message.duration", "s", "How long messages took");
}
