using System.Net;
using System.Text;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>One request as it arrived.</summary>
/// <param name="Try">Counts requests for this very address from 1.</param>
internal sealed record Arrived(Uri Address, int Try, string? Token, bool Eventual, string Collection);

/// <summary>A tenant of a few rows, two to a page, whose answers a test can replace.</summary>
internal sealed class ScriptedGraph : HttpMessageHandler
{
    public static readonly Uri Root = new("https://graph.example/v1.0/");

    private const int PerPage = 2;
    private readonly Lock _lock = new();
    private readonly List<Arrived> _arrived = [];

    /// <summary>Rows by collection; the key is the path below the root.</summary>
    public Dictionary<string, List<string>> Rows { get; } = Tenant();

    /// <summary>What <c>@odata.count</c> says where it is not the number of rows.</summary>
    public Dictionary<string, long> Counts { get; } = [];

    /// <summary>Answers instead of the tenant; null lets the tenant answer.</summary>
    public Func<Arrived, HttpResponseMessage?> Instead { get; set; } = _ => null;

    public IReadOnlyList<Arrived> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrived];
            }
        }
    }

    public static HttpResponseMessage Answer(HttpStatusCode status, string body, params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            answer.Headers.TryAddWithoutValidation(name, value);
        }

        return answer;
    }

    public static HttpResponseMessage Error(int status, string code, string message = "no", params (string Name, string Value)[] headers) =>
        Answer((HttpStatusCode)status, $$"""{"error":{"code":"{{code}}","message":"{{message}}"} }""", headers);

    /// <summary>The page the tenant itself would answer with.</summary>
    public string PageOf(Arrived request)
    {
        var rows = Rows[request.Collection];
        var query = System.Web.HttpUtility.ParseQueryString(request.Address.Query);
        var at = int.Parse(query["skiptoken"] ?? "0");
        var page = string.Join(",", rows.Skip(at).Take(PerPage));
        var count = at == 0 && request.Eventual && query["$count"] == "true" ? $"\"@odata.count\":{Counts.GetValueOrDefault(request.Collection, rows.Count)}," : string.Empty;
        var next = at + PerPage < rows.Count ? $",\"@odata.nextLink\":\"{Root}{request.Collection}?skiptoken={at + PerPage}\"" : string.Empty;
        return $$"""{"@odata.context":"x",{{count}}"value":[{{page}}]{{next}}}""";
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Arrived arrived;
        lock (_lock)
        {
            arrived = new Arrived(
                request.RequestUri!,
                _arrived.Count(one => one.Address == request.RequestUri) + 1,
                request.Headers.Authorization?.Parameter,
                request.Headers.TryGetValues("ConsistencyLevel", out var level) && level.Single() == "eventual",
                request.RequestUri!.AbsolutePath["/v1.0/".Length..]);
            _arrived.Add(arrived);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var answer = Instead(arrived) ?? (Rows.ContainsKey(arrived.Collection) ? Answer(HttpStatusCode.OK, PageOf(arrived)) : Error(404, "Request_ResourceNotFound"));
        return Task.FromResult(answer);
    }

    private static Dictionary<string, List<string>> Tenant()
    {
        var clients = Enumerable.Range(1, 3).Select(Client).ToArray();
        return new(StringComparer.Ordinal)
        {
            ["organization"] = [$$"""{"id":"{{Some.TenantId}}","displayName":"Brightwave","countryLetterCode":"DE"}"""],
            ["servicePrincipals"] =
            [
                .. clients,
                $$"""{"id":"{{Some.Id(90)}}","appId":"{{Some.Id(91)}}","displayName":"API one","appRoles":[{"id":"{{Some.Id(92)}}","value":"Mail.Read"}]}""",
                $$"""{"id":"{{Some.Id(95)}}","appId":"{{Some.Id(96)}}","displayName":"API two","appRoleAssignmentRequired":true,"appRoles":[]}""",
            ],
            ["oauth2PermissionGrants"] = [.. Enumerable.Range(1, 5).Select(user => Grant(1 + (user % 3), user))],
            ["users"] = [.. Enumerable.Range(1, 5).Select(User)],
            [$"servicePrincipals/{Some.Id(90)}/appRoleAssignedTo"] = [.. Enumerable.Range(1, 3).Select(client => Assignment(90, client))],
            [$"servicePrincipals/{Some.Id(95)}/appRoleAssignedTo"] = [],
        };
    }

    public static string Client(int number) =>
        $$"""{"id":"{{Some.Id(number)}}","appId":"{{Some.Id(1000 + number)}}","displayName":"App {{number}}","tags":[],"appRoles":[],"verifiedPublisher":{"displayName":null,"verifiedPublisherId":null,"addedDateTime":null} }""";

    public static string GrantId(int client, int user) => Core.Consents.GrantId.Of(Some.Id(client), Some.Id(90), Some.Id(500 + user));

    public static string Grant(int client, int user)
    {
        return $$"""{"id":"{{GrantId(client, user)}}","clientId":"{{Some.Id(client)}}","consentType":"Principal","principalId":"{{Some.Id(500 + user)}}","resourceId":"{{Some.Id(90)}}","scope":" User.Read  Mail.Read"}""";
    }

    public static string User(int number) =>
        $$"""{"id":"{{Some.Id(500 + number)}}","department":"Marketing","accountEnabled":true,"userType":"Member"}""";

    public static string Assignment(int resource, int client) =>
        $$"""{"id":"assignment-{{resource}}-{{client}}","appRoleId":"{{Some.Id(92)}}","createdDateTime":"2026-02-02T04:22:45.9480566Z","principalId":"{{Some.Id(client)}}","principalType":"ServicePrincipal","resourceId":"{{Some.Id(resource)}}"}""";
}
