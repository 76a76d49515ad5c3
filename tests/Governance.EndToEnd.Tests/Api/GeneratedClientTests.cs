using System.Text.Json;
using Governance.Api.Access;
using Governance.Api.Http;
using Governance.Core.Scans.Queue;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>A client that nobody here wrote calls every operation of the contract, and every answer is as the contract says.</summary>
public sealed class GeneratedClientTests(RevokingServer fixture) : IClassFixture<RevokingServer>
{
    [NodeFact]
    public async Task A_client_of_a_public_generator_calls_every_operation()
    {
        var server = fixture.Server;
        var roles = RoleNames.Of(ApiRoles.All).ToArray();
        await server.Queue.SendAsync(new QueueMessage("odd", server.Tenant.Id, "x"u8.ToArray()), default);
        await RunningServer.Until(async () => (await server.Queue.CountAsync(default)).Parked == 1);
        using var stranger = server.Stranger();
        var contract = await stranger.GetByteArrayAsync("/api/openapi.json");

        // The scan that is cancelled must still run by then.
        server.Tenant.CloseGate();
        var printed = await GeneratedClient.CallAsync(contract, new Dictionary<string, string>
        {
            ["API"] = server.Address.ToString().TrimEnd('/'),
            ["TOKENS"] = JsonSerializer.Serialize(Enumerable.Range(1, 3).Select(person => fixture.Authority.TokenOf(Guid.Parse($"0c0c0c0c-1111-4222-8333-{person:D12}"), server.Tenant.Id, roles))),
            ["APP"] = fixture.App().Id.ToString(),
            ["SUBJECT"] = server.Tenant.Simulator.Tenant.Users.Last().Id.ToString(),
            ["TOMORROW"] = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd"),
        });

        using var document = JsonDocument.Parse(contract);
        var answers = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(GovernanceApi.Endpoints.Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal), answers.Select(answer => answer.GetProperty("operation").GetString()).Order(StringComparer.Ordinal));
        foreach (var answer in answers)
        {
            var operation = answer.GetProperty("operation").GetString()!;
            Assert.InRange(answer.GetProperty("status").GetInt32(), 200, 299);
            Assert.Empty(ContractTests.Problems(document.RootElement, operation, answer.GetProperty("status").GetInt32(), answer.GetProperty("type").GetString()!, answer.GetProperty("body")).Take(10));
        }
    }
}
