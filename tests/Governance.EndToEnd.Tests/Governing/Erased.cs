using System.Net;
using System.Text.RegularExpressions;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>Erases a person as people do: looks at what would go, then confirms it.</summary>
internal static partial class Erased
{
    /// <returns>The erasure; the preview where that was refused.</returns>
    public static async Task<Run> ByCommand(string data, string person, params string[] more)
    {
        string[] command = ["erase-user", person, "--as", "Dora", "--data", data, .. more];
        var preview = await Run.Of(command);
        return preview.Code == 0 ? await Run.Of([.. command, "--confirm", Code().Match(preview.Output).Groups[1].Value]) : preview;
    }

    /// <returns>The answer to the erasure, which the preview's entity tag confirms.</returns>
    public static async Task<HttpResponseMessage> OverHttp(HttpClient client, string person)
    {
        var address = $"/api/subjects/{Uri.EscapeDataString(person)}";
        using var preview = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Delete, address);
        request.Headers.IfMatch.Add(preview.Headers.ETag!);
        return await client.SendAsync(request);
    }

    [GeneratedRegex("--confirm ([0-9a-f]{16})")]
    private static partial Regex Code();
}
