using System.CommandLine;
using System.Text.Json;

namespace Governance.Cli.Commands;

/// <summary><c>governance health</c>: asks a running server how it is, for whoever watches over it; needs no token.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static Command Create(Terminal terminal)
    {
        var server = new Option<string>("--server") { Description = "Address of the server", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var command = new Command("health", "Asks a running server for its state; code 5 when it is unhealthy or does not answer") { server };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(server), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw CliException.Usage("--server takes an address such as http://127.0.0.1:8080");
            }

            var status = await AskAsync(new Uri(address, "/api/health"), cancellationToken).ConfigureAwait(false);
            terminal.Result.WriteLine(status);
            return status is "healthy" or "degraded" ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<string> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience, MaxResponseContentBufferSize = 64 * 1024 };
        try
        {
            using var response = await client.GetAsync(address, cancellationToken).ConfigureAwait(false);
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
                ? Core.TenantText.Plain(status.GetString()!)
                : throw new CliException(ExitCode.Failed, $"what answers at {address.GetLeftPart(UriPartial.Authority)} is not a server of this program");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CliException(ExitCode.Failed, $"the server at {address.GetLeftPart(UriPartial.Authority)} does not answer; 'governance serve' starts one, --server names another");
        }
    }
}
