using System.Collections.Immutable;
using Governance.Microsoft365.Rows;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Microsoft365.Graph;

/// <summary>What one endpoint answered.</summary>
public enum ProbeOutcome
{
    /// <summary>It answers with rows.</summary>
    Answers,

    /// <summary>It answers, and there is nothing in it.</summary>
    Empty,

    MissingRight,

    MissingLicence,

    /// <summary>There is no such endpoint here, as in some national clouds.</summary>
    NotOffered,

    /// <summary>It failed otherwise; the answer of another day may differ.</summary>
    Failed,
}

/// <summary>One endpoint, what it needs and what it is worth.</summary>
/// <param name="Right">Least application permission that opens it.</param>
/// <param name="Needed">True when no scan is complete without it.</param>
/// <param name="WithoutIt">What is lost when it does not answer.</param>
/// <param name="Reason">Why it does not answer; null when it does.</param>
public sealed record ProbeResult(string Name, string Right, bool Needed, string WithoutIt, ProbeOutcome Outcome, string? Reason);

/// <param name="Tenant">Tenant that the token says it is for; null when it is opaque.</param>
/// <param name="Held">Application permissions that the token states, sorted; null when it states none, as a person's token does.</param>
/// <param name="Excess">Permissions held that nothing here needs, sorted.</param>
public sealed record ProbeReport(Guid? Tenant, ImmutableArray<string>? Held, ImmutableArray<string> Excess, ImmutableArray<ProbeResult> Results);

/// <summary>Asks each endpoint for one row, so that a missing right, a missing licence and an empty collection are told apart.</summary>
public sealed class GraphProbe(HttpClient http, GraphOptions options, ITokenSource tokens, TimeProvider time)
{
    private const int Attempts = 3;

    /// <exception cref="Core.Scans.TenantAccessDeniedException">The token is not accepted at all.</exception>
    /// <exception cref="Core.Scans.SourceUnreachableException">Nothing answers.</exception>
    public async Task<ProbeReport> RunAsync(CancellationToken cancellationToken)
    {
        var endpoint = new GraphEndpoint(options.Endpoint);
        var patience = new GraphOptions { Endpoint = options.Endpoint, TenantId = options.TenantId, Attempts = Attempts, Silence = options.Silence };
        var meter = new RequestMeter();
        var client = new GraphClient(http, patience, endpoint, tokens, time, NullLogger.Instance, time.GetUtcNow() + patience.TimeBudget, meter, cancellationToken);
        var token = await tokens.TokenAsync(endpoint.TokenScope, null, null, cancellationToken).ConfigureAwait(false);
        var results = ImmutableArray.CreateBuilder<ProbeResult>();
        foreach (var question in Questions())
        {
            var gate = new ThrottleGate(time);
            var rows = new DocumentRows<object>((System.Text.Json.JsonElement _, ref string? _) => null, _ => { });
            var address = question.Beta ? endpoint.BetaAt(question.Query) : endpoint.At(question.Query);
            var request = new PageRequest(address, null, false, meter, gate, Layout: question.Single ? PageLayout.Rows : PageLayout.Page);
            GraphFault? fault = null;
            try
            {
                await client.PageAsync(request, rows, cancellationToken).ConfigureAwait(false);
            }
            catch (GraphFault failed)
            {
                fault = failed;
            }

            if (fault is { Kind: FaultKind.TokenRefused })
            {
                throw new Core.Scans.TenantAccessDeniedException(401, $"{endpoint.HostAndPort} does not accept the token (401)");
            }

            if (fault is not null && meter.Answered == 0)
            {
                throw new Core.Scans.SourceUnreachableException($"{endpoint.HostAndPort} cannot be reached: {fault.Message}", fault);
            }

            results.Add(new ProbeResult(question.Name, question.Right, question.Needed, question.WithoutIt, Outcome(fault, rows.Count, question), fault?.Words(question.Right)));
        }

        var held = TokenClaims.RolesOf(token);
        var useful = results.Select(result => result.Right).ToHashSet(StringComparer.Ordinal);
        return new ProbeReport(TokenClaims.TenantOf(token), held?.ToImmutableArray(), [.. (held ?? []).Where(role => !useful.Contains(role))], results.ToImmutable());
    }

    private static ProbeOutcome Outcome(GraphFault? fault, int rows, Question question) => fault?.Kind switch
    {
        null when rows == 0 && !question.NoRows => ProbeOutcome.Empty,
        null => ProbeOutcome.Answers,
        FaultKind.AccessDenied => ProbeOutcome.MissingRight,
        FaultKind.LicenceMissing => ProbeOutcome.MissingLicence,
        FaultKind.NotFound => ProbeOutcome.NotOffered,
        _ => ProbeOutcome.Failed,
    };

    private IEnumerable<Question> Questions()
    {
        yield return new("organization", GraphQueries.Organization, Rights.Organization, false, "the tenant's name is unknown, and its id must come from the token");
        yield return new("service principals", "servicePrincipals?$top=1&$select=id", "Application.Read.All", true, "no app is known: nothing can be judged");
        yield return new("delegated permission grants", "oauth2PermissionGrants?$top=1", "Directory.Read.All", true, "what users and administrators consented to stays unknown");
        yield return new(
            "app role assignments", "servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo?$top=1", "Application.Read.All", true,
            "what apps may do as themselves stays unknown");
        yield return new("users with departments", "users?$top=1&$select=id,department", "User.Read.All", true, "reach by department and everyone's number are not available");
        yield return new("changes of grants", GraphQueries.Latest(Core.Consents.InventoryPart.Oauth2PermissionGrants), "Directory.Read.All", false, "every scan reads everything") { NoRows = true };
        yield return new("consent events", "auditLogs/directoryAudits?$top=1", "AuditLog.Read.All", false, "who consented and when stays unknown");
        yield return new("consent requests", "identityGovernance/appConsent/appConsentRequests?$top=1", "ConsentRequest.Read.All", false, "pending requests are not watched");
        yield return new("sign-in activity", "reports/servicePrincipalSignInActivities?$top=1", "AuditLog.Read.All", false, "dormant tools cannot be told (also needs Microsoft Entra ID P1 or P2)") { Beta = true };
        yield return new("agent identities", "servicePrincipals/microsoft.graph.agentIdentity?$top=1&$select=id", Rights.Of(Core.Consents.InventoryPart.AgentIdentities), false, "which service principals are AI agents, and of which blueprint, stays unknown");
        yield return new("consent policy", GraphQueries.ConsentPolicy, Rights.ConsentPolicy, false, "old consents are not compared with today's policy") { Single = true, NoRows = true };
        if (options.TrainingGroup is { } group)
        {
            yield return new("training group", GraphQueries.Members(group, 1), Rights.TrainingGroup, false, "who is trained stays unknown");
        }
    }

    /// <param name="Query">Path and query below the version.</param>
    private sealed record Question(string Name, string Query, string Right, bool Needed, string WithoutIt)
    {
        public bool Beta { get; init; }

        /// <summary>The answer is one object, not a page.</summary>
        public bool Single { get; init; }

        /// <summary>Having no rows says nothing.</summary>
        public bool NoRows { get; init; }
    }
}
