using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Governance.Api.Http;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>What <c>openapi.json</c> says is what the server does: the same operations, parameters and forms of answers.</summary>
public sealed partial class ContractTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    private readonly RunningServer _server = fixture.Server;

    [Fact]
    public async Task The_contract_names_every_operation_and_no_other()
    {
        var contract = await ContractAsync();

        var said = contract.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name} {method.Value.GetProperty("operationId").GetString()}"));
        var done = GovernanceApi.Endpoints.Select(endpoint => $"{endpoint.Method} {endpoint.Pattern} {endpoint.Name}");

        Assert.Equal(done.Order(), said.Order());
        Assert.Equal("3.1.0", contract.GetProperty("openapi").GetString());
    }

    [Fact]
    public async Task The_contract_names_every_parameter_and_role()
    {
        var contract = await ContractAsync();
        foreach (var endpoint in GovernanceApi.Endpoints)
        {
            var operation = contract.GetProperty("paths").GetProperty(endpoint.Pattern).GetProperty(endpoint.Method.ToLowerInvariant());
            var parameters = operation.TryGetProperty("parameters", out var listed)
                ? listed.EnumerateArray().Select(parameter => parameter.TryGetProperty("$ref", out var reference) ? Follow(contract, reference.GetString()!) : parameter).ToArray()
                : [];
            var query = parameters.Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!);
            var path = parameters.Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!);

            Assert.Equal(endpoint.Query.Concat(endpoint.Anonymous ? [] : ["tenant"]).Order(), query.Order());
            Assert.Equal(InPath().Matches(endpoint.Pattern).Select(match => match.Groups[1].Value), path);
            if (!endpoint.Anonymous)
            {
                Assert.All(Governance.Api.Access.RoleNames.Of(endpoint.Roles), role => Assert.Contains($"`{role}`", operation.GetProperty("description").GetString(), StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Real_answers_have_the_form_that_the_contract_gives_them()
    {
        var contract = await ContractAsync();
        using var client = fixture.Caller("Governance.Read", "Governance.Scan", "Governance.Admin");
        using var asked = await client.PostAsync("/api/scans", ApiClient.Json("""{"mode":"full"}"""));
        await Conforms(contract, "requestScan", asked, HttpStatusCode.Accepted);
        var id = asked.Headers.Location!.ToString().Split('/')[^1];
        using var cancelled = await client.PostAsync($"/api/scans/{id}/cancel", null);
        await Conforms(contract, "cancelScan", cancelled, cancelled.StatusCode);
        await RunningServer.EndOf(client, $"/api/scans/{id}");
        await _server.Queue.SendAsync(new Core.Scans.Queue.QueueMessage("odd", _server.Tenant.Id, "x"u8.ToArray()), default);
        await RunningServer.Until(async () => (await _server.Queue.CountAsync(default)).Parked == 1);

        var app = (await client.GetJson("/api/apps?lookalike=true")).GetProperty("apps")[0].GetProperty("servicePrincipalId").GetString();
        var finding = (await client.GetJson("/api/findings")).GetProperty("findings")[0].GetProperty("id").GetString();
        foreach (var (operation, path, status) in new[]
        {
            ("listScans", "/api/scans", 200), ("getScan", $"/api/scans/{id}", 200), ("getScan", "/api/scans/none", 404),
            ("listApps", "/api/apps?limit=200", 200), ("listApps", "/api/apps?limit=0", 400), ("getApp", $"/api/apps/{app}", 200), ("getApp", "/api/apps/none", 404),
            ("listFindings", "/api/findings?state=all&limit=200", 200), ("getFinding", $"/api/findings/{finding}", 200), ("getFinding", "/api/findings/none", 404),
            ("getKpis", "/api/kpis?history=90", 200), ("getDigest", "/api/digests", 200), ("getDigest", "/api/digests?audience=security&language=zh-Hans", 200),
            ("getReport", "/api/report?language=fr", 200), ("export", "/api/export?format=json", 200), ("export", "/api/export?format=csv", 200), ("export", "/api/export?format=ocsf", 200),
            ("export", "/api/export?format=markdown", 200), ("getQueue", "/api/queue", 200), ("getHealth", "/api/health", 200), ("getHealthDetails", "/api/health/details", 200),
            ("getContract", "/api/openapi.json", 200), ("listDecisions", "/api/decisions", 200), ("verifyAudit", "/api/audit", 200),
        })
        {
            using var response = await client.GetAsync(path);
            await Conforms(contract, operation, response, (HttpStatusCode)status);
        }

        using var replayed = await client.PostAsync("/api/queue/odd/replay", null);
        await Conforms(contract, "replayMessage", replayed, HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Every_reference_in_the_contract_leads_somewhere()
    {
        var contract = await ContractAsync();

        var references = References().Matches(contract.GetRawText()).Select(match => match.Groups[1].Value).Distinct().ToArray();

        Assert.True(references.Length > 15);
        Assert.All(references, reference => Follow(contract, reference));
    }

    private async Task<JsonElement> ContractAsync()
    {
        using var client = _server.Stranger();
        return await client.GetJson("/api/openapi.json");
    }

    internal static async Task Conforms(JsonElement contract, string operation, HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.True(status == response.StatusCode, $"{operation} answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        var type = response.Content.Headers.ContentType!.MediaType!;
        using var body = type.EndsWith("json", StringComparison.Ordinal) ? JsonDocument.Parse(await response.Content.ReadAsStreamAsync()) : null;
        Assert.Empty(Problems(contract, operation, (int)status, type, body?.RootElement ?? default).Take(10));
    }

    /// <summary>What is wrong with an answer by the contract.</summary>
    /// <param name="body">Looked at only when the type is JSON.</param>
    internal static IEnumerable<string> Problems(JsonElement contract, string operation, int status, string type, JsonElement body)
    {
        var responses = contract.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Single(method => method.Value.GetProperty("operationId").GetString() == operation).Value.GetProperty("responses");
        if (!responses.TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var said))
        {
            return [$"{operation} does not say that it may answer {status}"];
        }

        said = said.TryGetProperty("$ref", out var reference) ? Follow(contract, reference.GetString()!) : said;
        var media = type.Split(';')[0];
        return !said.GetProperty("content").TryGetProperty(media, out var content) ? [$"{operation} does not say that it may answer {type}"]
            : media.EndsWith("json", StringComparison.Ordinal) ? Schema.Problems(contract, content.GetProperty("schema"), body, operation)
            : [];
    }

    internal static JsonElement Follow(JsonElement contract, string reference) =>
        reference.Split('/').Skip(1).Aggregate(contract, (at, name) => at.GetProperty(name));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InPath();

    [GeneratedRegex(@"""\$ref"":\s*""([^""]+)""")]
    private static partial Regex References();
}
