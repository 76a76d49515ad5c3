using Governance.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Api;

/// <summary>Puts the API into a host.</summary>
public static class Registration
{
    /// <summary>Adds the API; what its constructor asks for is for the host to add.</summary>
    public static IServiceCollection AddGovernanceApi(this IServiceCollection services) => services.AddSingleton<GovernanceApi>();

    /// <summary>Answers everything under <c>/api</c>, wrong addresses and methods included.</summary>
    public static IEndpointConventionBuilder MapGovernanceApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.ServiceProvider.GetRequiredService<GovernanceApi>();
        return endpoints.Map("/api/{**path}", (HttpContext context) => ApiEntry.RunAsync(api, context));
    }
}
