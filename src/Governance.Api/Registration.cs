using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Api.SignIn;
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

    /// <summary>Adds a sign-in with local tokens for people who open the report in a browser; <see cref="LocalTokens"/> are for the host to add.</summary>
    public static IServiceCollection AddReportSignIn(this IServiceCollection services) =>
        services.AddSingleton<BrowserSessions>().AddSingleton<IBrowserProof>(provider => provider.GetRequiredService<BrowserSessions>()).AddSingleton<ReportSignIn>();

    /// <summary>Answers the pages of that sign-in, which lie outside <c>/api</c>.</summary>
    public static void MapReportSignIn(this IEndpointRouteBuilder endpoints)
    {
        var pages = endpoints.ServiceProvider.GetRequiredService<ReportSignIn>();
        endpoints.MapMethods(ReportSignIn.Path, ["GET", "HEAD"], pages.ShowAsync);
        endpoints.MapPost(ReportSignIn.SessionPath, pages.BeginAsync);
        endpoints.MapPost(ReportSignIn.EndPath, pages.EndAsync);
    }
}
