using System.Net;
using System.Text;
using Governance.Api.Access;
using Governance.Api.Http;
using Microsoft.Data.Sqlite;

namespace Governance.EndToEnd.Tests.Api;

/// <summary>Rules that hold for every operation, asked of each one that there is: a new one is looked at without anybody thinking of it.</summary>
public sealed class EveryHandlerTests(ScannedServer fixture) : IClassFixture<ScannedServer>
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>A body that each change takes; an operation that is missing here fails the tests.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["requestScan"] = """{"mode":"full"}""",
        ["cancelScan"] = "{}",
        ["replayMessage"] = "{}",
        ["openRequest"] = """{"app":"00000000-1111-4222-8333-444444444444","purpose":"texts"}""",
        ["signOff"] = """{"role":"security"}""",
        ["decide"] = """{"decision":"deny","app":"00000000-1111-4222-8333-444444444444","reason":"no"}""",
        ["muteFinding"] = """{"reason":"no","until":"2999-01-01"}""",
        ["planRevocation"] = """{"app":"00000000-1111-4222-8333-444444444444","reason":"no"}""",
        ["approveRevocation"] = """{"fingerprint":"0"}""",
        ["executeRevocation"] = """{"execute":false}""",
        ["undoRevocation"] = """{"execute":false}""",
        ["eraseSubject"] = "{}",
    };

    [Theory]
    [InlineData("tenantId")]
    [InlineData("status")]
    [InlineData("approvedBy")]
    public async Task HA_2_every_change_refuses_a_field_that_it_does_not_take(string field)
    {
        using var client = Everything();
        foreach (var endpoint in GovernanceApi.Endpoints.Where(endpoint => endpoint.Changes))
        {
            var body = Bodies[endpoint.Name];
            using var response = await Send(client, endpoint.Method, endpoint.Pattern, $$"""{{body[..^1]}}{{(body == "{}" ? string.Empty : ",")}}"{{field}}":"x"}""");

            Assert.Equal("unknown-field", await response.Problem(HttpStatusCode.BadRequest));
        }
    }

    [Fact]
    public async Task HA_6_every_address_refuses_the_methods_it_does_not_know()
    {
        using var client = Everything();
        foreach (var address in GovernanceApi.Endpoints.GroupBy(endpoint => endpoint.Pattern))
        {
            foreach (var method in Methods.Except(address.Select(endpoint => endpoint.Method)))
            {
                using var response = await Send(client, method, address.Key, method == "GET" ? null : "{}");
                Assert.Equal("method-not-allowed", await response.Problem(HttpStatusCode.MethodNotAllowed));
            }
        }
    }

    [Fact]
    public async Task AU_1_and_AU_3_every_operation_wants_a_token_with_its_role()
    {
        using var stranger = fixture.Server.Stranger();
        foreach (var endpoint in GovernanceApi.Endpoints.Where(endpoint => !endpoint.Anonymous))
        {
            var others = RoleNames.Of(ApiRoles.All).Except(RoleNames.Of(endpoint.Roles)).ToArray();
            using var poor = fixture.Caller(others);
            using var unproven = await Send(stranger, endpoint.Method, endpoint.Pattern, endpoint.Changes ? Bodies[endpoint.Name] : null);
            using var unfit = await Send(poor, endpoint.Method, endpoint.Pattern, endpoint.Changes ? Bodies[endpoint.Name] : null);

            Assert.Equal("not-authenticated", await unproven.Problem(HttpStatusCode.Unauthorized));
            Assert.Equal("not-authorized", await unfit.Problem(HttpStatusCode.Forbidden));
        }
    }

    [Fact]
    public async Task HA_7_every_handler_that_fails_tells_its_number_and_nothing_else()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ScanAsync();
        using var client = server.Client();
        await HideTablesAsync(server.Database);

        foreach (var endpoint in GovernanceApi.Endpoints.Where(endpoint => !endpoint.Anonymous && endpoint.Name != "getHealthDetails"))
        {
            using var response = await Send(client, endpoint.Method, endpoint.Pattern, endpoint.Changes ? Bodies[endpoint.Name] : null);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.ServiceUnavailable, $"{endpoint.Name}: {(int)response.StatusCode} {text}");
            foreach (var inside in new[] { "SQLite", "governance.db", "Exception", "   at ", "no such table", "hidden", "/tmp" })
            {
                Assert.DoesNotContain(inside, text, StringComparison.OrdinalIgnoreCase);
            }

            var number = response.Headers.GetValues("X-Correlation-Id").Single();
            Assert.Contains(number, text, StringComparison.Ordinal);
            Assert.Contains(server.Log.Lines, line => line.Contains(number, StringComparison.Ordinal) && line.Contains(endpoint.Name, StringComparison.Ordinal));
        }
    }

    private HttpClient Everything() => fixture.Caller(RoleNames.Of(ApiRoles.All).ToArray());

    private static Task<HttpResponseMessage> Send(HttpClient client, string method, string pattern, string? body) =>
        client.SendAsync(new HttpRequestMessage(new HttpMethod(method), pattern.Replace("{id}", "x", StringComparison.Ordinal))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        });

    /// <summary>Takes every table away but the one that says who may call.</summary>
    private static async Task HideTablesAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('api_tokens', 'servers')";
        var tables = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        command.CommandText = string.Concat(tables.Select(table => $"ALTER TABLE {table} RENAME TO hidden_{table};"));
        await command.ExecuteNonQueryAsync();
    }
}
