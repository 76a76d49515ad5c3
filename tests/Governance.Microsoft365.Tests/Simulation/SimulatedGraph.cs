using System.Net.Http.Headers;
using System.Text.Json;
using Governance.Simulator;

namespace Governance.Microsoft365.Tests.Simulation;

/// <summary>Plain HTTP against the simulator, as any client would speak it.</summary>
internal sealed class SimulatedGraph(GraphSimulator simulator) : IDisposable
{
    private readonly HttpClient http = new();

    public async Task<HttpResponseMessage> SendAsync(string pathOrUrl, HttpMethod? method = null, object? body = null, bool eventual = true, string? token = "any")
    {
        using var request = new HttpRequestMessage(
            method ?? HttpMethod.Get, pathOrUrl.StartsWith("http", StringComparison.Ordinal) ? pathOrUrl : simulator.Endpoint + "/" + pathOrUrl);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (eventual)
        {
            request.Headers.Add("ConsistencyLevel", "eventual");
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        }

        return await http.SendAsync(request);
    }

    public async Task<JsonElement> GetAsync(string pathOrUrl, bool eventual = true)
    {
        using var response = await SendAsync(pathOrUrl, eventual: eventual);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{pathOrUrl}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<(int Status, string? Code)> FailAsync(string pathOrUrl, HttpMethod? method = null, object? body = null, string? token = "any")
    {
        using var response = await SendAsync(pathOrUrl, method, body, token: token);
        var text = await response.Content.ReadAsStringAsync();
        var code = text.Length == 0 ? null : JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("code").GetString();
        return ((int)response.StatusCode, code);
    }

    /// <summary>Follows next links to the end.</summary>
    public async Task<List<JsonElement>> WalkAsync(string path, bool eventual = true)
    {
        var rows = new List<JsonElement>();
        for (string? link = path; link is not null;)
        {
            var page = await GetAsync(link, eventual);
            rows.AddRange(page.GetProperty("value").EnumerateArray());
            link = page.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;
        }

        return rows;
    }

    public void Dispose() => http.Dispose();
}
