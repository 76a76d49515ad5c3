using System.CommandLine;
using Governance.Core.Scans.Revocations;
using Governance.Microsoft365.Graph;

namespace Governance.Cli.Serving;

/// <summary>Options that let a server carry out revocations. Without them it has nothing that can write.</summary>
internal sealed class WriterSettings
{
    private readonly Option<string?> _tokenEnv = new("--writer-token-env") { Description = "Lets the API carry out revocations, with the bearer token in this environment variable; never the scanner's", HelpName = "VAR" };
    private readonly Option<Guid?> _identity = new("--writer-identity") { Description = "Lets the API carry out revocations, as the managed identity with this client id; never the scanner's", HelpName = "ID" };

    public void AddTo(Command command)
    {
        command.Add(_tokenEnv);
        command.Add(_identity);
    }

    /// <param name="scanner">Variable of the scanner's token; null when it reads with another credential.</param>
    /// <returns>Null when writing is off.</returns>
    /// <exception cref="CliException">An option cannot be used, or names the scanner's credential.</exception>
    public IConsentWriters? Read(ParseResult parsed, Uri endpoint, string? scanner, TimeProvider time)
    {
        var (variable, identity) = (parsed.GetValue(_tokenEnv), parsed.GetValue(_identity));
        if (variable is not null && identity is not null)
        {
            throw CliException.Usage("--writer-token-env and --writer-identity exclude each other");
        }

        if (identity is { } client)
        {
            return client.ToString().Equals(Environment.GetEnvironmentVariable("AZURE_CLIENT_ID"), StringComparison.OrdinalIgnoreCase)
                ? throw CliException.Usage("--writer-identity is the identity that scans; the writer needs one of its own")
                : new GraphConsentWriters(endpoint, _ => CredentialToken.FromManagedIdentity(client, time), time);
        }

        return variable is null ? null : WithToken(variable, endpoint, scanner, time);
    }

    private static GraphConsentWriters WithToken(string variable, Uri endpoint, string? scanner, TimeProvider time)
    {
        if (scanner is not null && (scanner == variable || Environment.GetEnvironmentVariable(scanner) == Environment.GetEnvironmentVariable(variable)))
        {
            throw CliException.Usage("--writer-token-env holds the scanner's token; the writer needs one of its own");
        }

        try
        {
            var token = FixedToken.FromEnvironment(variable);
            return new GraphConsentWriters(endpoint, _ => token, time);
        }
        catch (ArgumentException problem)
        {
            throw CliException.Usage($"--writer-token-env: {problem.Message}");
        }
    }
}
