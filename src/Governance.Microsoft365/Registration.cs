using Governance.Core.Scans;
using Governance.Microsoft365.Graph;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Governance.Microsoft365;

/// <summary>Registers what this project offers.</summary>
public static class Registration
{
    /// <summary>Adds Graph as the source of consents; needs an <see cref="ITokenSource"/>, a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddGraphConsents(this IServiceCollection services, GraphOptions options) =>
        services.AddSingleton<IConsentSource>(provider => new GraphConsentSource(
            GraphTransport.Client(options),
            options,
            provider.GetRequiredService<ITokenSource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GraphConsentSource>>()));
}
