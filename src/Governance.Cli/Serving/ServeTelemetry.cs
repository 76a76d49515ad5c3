using Governance.Embedded.InProcess;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Governance.Cli.Serving;

/// <summary>Sends metrics and traces of a server to an OTLP endpoint for as long as it is not disposed.</summary>
internal sealed class ServeTelemetry : IDisposable
{
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    public ServeTelemetry(Uri endpoint)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("governance", serviceVersion: typeof(ServeTelemetry).Assembly.GetName().Version?.ToString(3));
        void To(OtlpExporterOptions options, string path)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new Uri(endpoint, path);
        }

        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource(Api.Http.Telemetry.Name, WorkTelemetry.Name)
            .AddOtlpExporter(options => To(options, "/v1/traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(Api.Http.Telemetry.Name, WorkTelemetry.Name, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter(options => To(options, "/v1/metrics")).Build();
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
