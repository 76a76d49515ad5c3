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

    /// <exception cref="CliException">An option cannot be used.</exception>
    public OpenedWriter Open(ParseResult parsed, Guid tenant, TimeProvider time)
    {
        try
        {
            var token = FixedToken.FromEnvironment(parsed.GetRequiredValue(_tokenEnv));
            return new GraphConsentWriters(SourceOptions.Endpoint(parsed.GetValue(_endpoint), tenant).Endpoint, _ => token, time).Open(tenant);
        }
        catch (ArgumentException problem)
        {
            throw CliException.Usage($"--token-env: {problem.Message}");
        }
    }
}
