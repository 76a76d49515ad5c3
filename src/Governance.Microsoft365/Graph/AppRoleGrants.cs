using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>What became of one app role that was to be granted.</summary>
public enum AppRoleGrant
{
    Granted,

    /// <summary>It was held before.</summary>
    Held,

    /// <summary>Whoever asked may not grant app roles; an administrator has to.</summary>
    Refused,

    /// <summary>Graph offers no app role of that name.</summary>
    Unknown,
}

/// <summary>Gives the identity of a deployment the app roles of Graph that its scans need.</summary>
/// <remarks>Source: Graph reference, "Grant an appRoleAssignment to a service principal", read 2026-11-22.</remarks>
public sealed class AppRoleGrants(HttpClient http, GraphOptions options, ITokenSource tokens)
{
    /// <summary>App id of Microsoft Graph in every tenant and cloud.</summary>
    private const string GraphAppId = "00000003-0000-0000-c000-000000000000";

    private readonly GraphEndpoint _endpoint = new(options.Endpoint);

    /// <summary>What a full scan needs.</summary>
    public static ImmutableArray<string> Needed { get; } = [Rights.Organization, "Application.Read.All", "Directory.Read.All", "User.Read.All"];

    /// <summary>What the optional parts need beside it.</summary>
    public static ImmutableArray<string> Optional { get; } = ["AuditLog.Read.All", "ConsentRequest.Read.All"];

    /// <param name="principalId">Object id of the identity's service principal.</param>
    /// <exception cref="TenantAccessDeniedException">Not even Graph's own service principal may be read.</exception>
    /// <exception cref="SourceUnreachableException">Graph does not answer as it should.</exception>
    public async Task<ImmutableArray<(string Role, AppRoleGrant Result)>> GrantAsync(Guid principalId, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        var (graph, offered) = await GraphAsync(cancellationToken).ConfigureAwait(false);
        var results = ImmutableArray.CreateBuilder<(string, AppRoleGrant)>(roles.Count);
        foreach (var role in roles)
        {
            results.Add((role, offered.TryGetValue(role, out var id) ? await GrantAsync(principalId, graph, id, cancellationToken).ConfigureAwait(false) : AppRoleGrant.Unknown));
        }

        return results.ToImmutable();
    }

    private async Task<(Guid Id, Dictionary<string, Guid> Roles)> GraphAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"servicePrincipals?$filter=appId eq '{GraphAppId}'&$select=id,appRoles", null, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new TenantAccessDeniedException((int)answer.StatusCode, "Graph refused to show its own service principal; Application.Read.All is needed");
        }

        Expect(answer, HttpStatusCode.OK);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        var rows = document.RootElement.GetProperty("value");
        if (rows.GetArrayLength() != 1)
        {
            throw new SourceUnreachableException("the tenant shows no service principal of Microsoft Graph");
        }

        var roles = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var role in rows[0].GetProperty("appRoles").EnumerateArray())
        {
            if (Member.Text(role, "value") is { Length: > 0 } value && role.GetProperty("id").TryGetGuid(out var id))
            {
                roles[value] = id;
            }
        }

        return (rows[0].GetProperty("id").GetGuid(), roles);
    }

    private async Task<AppRoleGrant> GrantAsync(Guid principal, Guid graph, Guid role, CancellationToken cancellationToken)
    {
        var body = $$"""{"principalId":"{{principal:D}}","resourceId":"{{graph:D}}","appRoleId":"{{role:D}}"}""";
        using var answer = await SendAsync(HttpMethod.Post, $"servicePrincipals/{principal:D}/appRoleAssignments", body, cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return AppRoleGrant.Refused;
        }

        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict)
        {
            var error = await GraphError.ReadAsync(answer, cancellationToken).ConfigureAwait(false);
            return error.Message.Contains("already exists", StringComparison.OrdinalIgnoreCase)
                ? AppRoleGrant.Held
                : throw new SourceUnreachableException($"Graph refused the assignment ({error.PlainCode}); is {principal} the object id of a service principal?");
        }

        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            throw new SourceUnreachableException($"there is no service principal {principal} in the tenant; a new identity may take a minute to appear");
        }

        Expect(answer, HttpStatusCode.Created);
        return AppRoleGrant.Granted;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        var token = await tokens.TokenAsync(_endpoint.TokenScope, null, null, cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(method, _endpoint.At(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : OneTimeContent.Json(Encoding.UTF8.GetBytes(body));
        try
        {
            return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException fault)
        {
            throw new SourceUnreachableException($"Graph does not answer ({fault.HttpRequestError})", fault);
        }
    }

    private static void Expect(HttpResponseMessage answer, HttpStatusCode wanted)
    {
        if (answer.StatusCode != wanted)
        {
            throw new SourceUnreachableException($"Graph answered with status {(int)answer.StatusCode}");
        }
    }
}
