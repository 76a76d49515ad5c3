using System.CommandLine;
using Governance.Core.Scans.Revocations;
using Governance.Microsoft365.Graph;

namespace Governance.Cli;

/// <summary>Options that say where consents are changed, and as whom: an identity of its own, since the scanner's cannot write.</summary>
internal sealed class WriterOptions
{
    private readonly Option<string?> _endpoint = new("--graph-endpoint") { Description = "Graph root; default https://graph.microsoft.com/v1.0", HelpName = "URL" };
    private readonly Option<string> _tokenEnv = new("--token-env") { Description = "Environment variable that holds the writer's bearer token", HelpName = "VAR", Required = true };

    public WriterOptions AddTo(Command command)
    {
        command.Add(_endpoint);
        command.Add(_tokenEnv);
        return this;
    }

    public OpenWriter Open(ParseResult parsed, Guid tenant, TimeProvider time)
    {
        var options = new GraphOptions { TenantId = tenant };
        if (parsed.GetValue(_endpoint) is { } endpoint)
        {
            options.Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
                ? address
                : throw CliException.Usage($"--graph-endpoint: '{endpoint}' is no address such as https://graph.microsoft.com");
        }

        if (options.Problems() is { Count: > 0 } problems)
        {
            throw CliException.Usage($"--graph-endpoint: {problems[0]}");
        }

        try
        {
            var token = FixedToken.FromEnvironment(parsed.GetRequiredValue(_tokenEnv));
            var http = GraphTransport.Client(options);
            return new OpenWriter(new GraphConsentWriter(http, options, token, time), http);
        }
        catch (ArgumentException problem)
        {
            throw CliException.Usage($"--token-env: {problem.Message}");
        }
    }
}

internal sealed record OpenWriter(IConsentWriter Writer, HttpClient Http) : IDisposable
{
    public void Dispose() => Http.Dispose();
}
