using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Governance.Api.Http;

/// <summary>Measurements and traces of the API, for whoever listens.</summary>
public static class Telemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Governance.Api";

    internal static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds, by operation and status.</summary>
    internal static readonly Histogram<double> Requests = Meter.CreateHistogram<double>("governance.api.request.duration", "s", "How long requests took");
}
