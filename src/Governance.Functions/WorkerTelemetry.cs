using Governance.Api.Http;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace Governance.Functions;

/// <summary>Where logs, traces and metrics of the worker go.</summary>
internal static class WorkerTelemetry
{
    /// <summary>Named by the OpenTelemetry specification.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <param name="endpoint">Collector that takes OTLP; null or empty for none.</param>
    /// <remarks>
    /// A worker that says it sends telemetry itself gets none of its log lines passed on by the host (functions host,
    /// <c>WorkerOpenTelemetryEnabled</c>). So it says so only where it has somewhere to send them; else the host sends them to
    /// Application Insights.
    /// </remarks>
    public static IServiceCollection AddWorkerTelemetry(this IServiceCollection services, string? endpoint)
    {
        if (!string.IsNullOrEmpty(endpoint))
        {
            services.AddOpenTelemetry().UseFunctionsWorkerDefaults().UseOtlpExporter()
                .WithTracing(traces => traces.AddSource(Telemetry.Name))
                .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name));
        }

        return services;
    }
}
