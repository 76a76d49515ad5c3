using Grpc.Net.Client;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StandIn.ServiceBusExtension;

[assembly: WorkerExtensionStartup(typeof(ServiceBusExtensionStartup))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The host answers settlements on the address that it gave its worker.</summary>
public sealed class ServiceBusExtensionStartup : WorkerExtensionStartup
{
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder) => applicationBuilder.Services.AddSingleton(services =>
        new Settlement.SettlementClient(GrpcChannel.ForAddress(services.GetRequiredService<IConfiguration>()["Functions:Worker:HostEndpoint"]!)));
}
