using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;

namespace Governance.Benchmarks;

/// <summary>The same collection as the Graph SDK's documentation shows it: typed models, page iterator, a list; as many chains at once as ours.</summary>
internal static class SdkCollection
{
    private const int Parallelism = 8;

    public static async Task<long> RunAsync(Uri endpoint, string[] resources)
    {
        var graph = new GraphServiceClient(new HttpClient(), new Token(), endpoint.ToString().TrimEnd('/'));
        var principals = Principals(graph);
        var grants = Grants(graph);
        var users = Users(graph);
        var assignments = new List<AppRoleAssignment>();
        await Parallel.ForEachAsync(resources, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (id, cancellationToken) =>
        {
            var found = new List<AppRoleAssignment>();
            var first = await graph.ServicePrincipals[id].AppRoleAssignedTo.GetAsync(
                request =>
                {
                    request.QueryParameters.Top = 999;
                    request.QueryParameters.Select = ["id", "appRoleId", "createdDateTime", "principalId", "principalType", "resourceId"];
                },
                cancellationToken);
            await PageIterator<AppRoleAssignment, AppRoleAssignmentCollectionResponse>.CreatePageIterator(graph, first!, Into(found)).IterateAsync(cancellationToken);
            lock (assignments)
            {
                assignments.AddRange(found);
            }
        });
        return (await principals).Count + (await grants).Count + (await users).Count + assignments.Count;
    }

    private static async Task<List<ServicePrincipal>> Principals(GraphServiceClient graph)
    {
        var rows = new List<ServicePrincipal>();
        var first = await graph.ServicePrincipals.GetAsync(request =>
        {
            request.QueryParameters.Top = 999;
            request.QueryParameters.Select =
            [
                "id", "appId", "displayName", "appDisplayName", "appOwnerOrganizationId", "servicePrincipalType", "accountEnabled", "verifiedPublisher", "createdDateTime",
                "homepage", "replyUrls", "tags", "appRoleAssignmentRequired", "disabledByMicrosoftStatus", "appRoles",
            ];
        });
        await PageIterator<ServicePrincipal, ServicePrincipalCollectionResponse>.CreatePageIterator(graph, first!, Into(rows)).IterateAsync();
        return rows;
    }

    private static async Task<List<OAuth2PermissionGrant>> Grants(GraphServiceClient graph)
    {
        var rows = new List<OAuth2PermissionGrant>();
        var first = await graph.Oauth2PermissionGrants.GetAsync(request =>
        {
            request.QueryParameters.Top = 999;
            request.QueryParameters.Count = true;
            request.QueryParameters.Select = ["id", "clientId", "consentType", "principalId", "resourceId", "scope"];
            request.Headers.Add("ConsistencyLevel", "eventual");
        });
        var pages = PageIterator<OAuth2PermissionGrant, OAuth2PermissionGrantCollectionResponse>.CreatePageIterator(graph, first!, Into(rows), request =>
        {
            request.Headers.Add("ConsistencyLevel", "eventual");
            return request;
        });
        await pages.IterateAsync();
        return rows;
    }

    private static async Task<List<User>> Users(GraphServiceClient graph)
    {
        var rows = new List<User>();
        var first = await graph.Users.GetAsync(request =>
        {
            request.QueryParameters.Top = 999;
            request.QueryParameters.Select = ["id", "department", "accountEnabled", "userType"];
        });
        await PageIterator<User, UserCollectionResponse>.CreatePageIterator(graph, first!, Into(rows)).IterateAsync();
        return rows;
    }

    private static Func<T, bool> Into<T>(List<T> rows) => row =>
    {
        rows.Add(row);
        return true;
    };

    private sealed class Token : IAuthenticationProvider
    {
        public Task AuthenticateRequestAsync(
            RequestInformation request, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default)
        {
            request.Headers.TryAdd("Authorization", "Bearer opaque");
            return Task.CompletedTask;
        }
    }
}
