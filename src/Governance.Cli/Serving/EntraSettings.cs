using System.CommandLine;
using Governance.Api.Access;

namespace Governance.Cli.Serving;

/// <summary>Options that say which Entra tokens a server accepts.</summary>
internal sealed class EntraSettings
{
    private readonly Option<string?> _clientId = new("--entra-client-id", "--entra-audience")
    {
        Description = "Accept Entra tokens for the API registration with this application (client) id", HelpName = "ID",
    };

    private readonly Option<string?> _uri = new("--entra-app-id-uri") { Description = "Application ID URI of that registration (default api://ID)", HelpName = "URI" };
    private readonly Option<string[]> _tenants = new("--entra-tenant") { Description = "Tenant whose tokens are accepted; ID=OTHER,OTHER names the tenants its callers may see instead of their own", HelpName = "ID" };
    private readonly Option<string?> _authority = new("--entra-authority")
    {
        Description = "Sign-in authority of another cloud (default https://login.microsoftonline.com)", HelpName = "URL",
    };

    public void AddTo(Command command)
    {
        command.Add(_clientId);
        command.Add(_uri);
        command.Add(_tenants);
        command.Add(_authority);
    }

    /// <returns>Null when no Entra token is accepted.</returns>
    /// <exception cref="CliException">An option cannot be used.</exception>
    public EntraOptions? Read(ParseResult parsed)
    {
        var (clientId, uri, authority, tenants) = (parsed.GetValue(_clientId), parsed.GetValue(_uri), parsed.GetValue(_authority), parsed.GetValue(_tenants) ?? []);
        if (clientId is null && uri is null && authority is null && tenants.Length == 0)
        {
            return null;
        }

        var options = new EntraOptions { ClientId = EntraOptions.ParseClientId(clientId), ApplicationIdUri = uri };
        if (authority is not null)
        {
            options.LoginEndpoint = Uri.TryCreate(authority, UriKind.Absolute, out var url) ? url : null;
        }

        foreach (var text in tenants)
        {
            var parts = text.Split('=', 2);
            options.Tenants[Id(parts[0])] = parts.Length == 1 ? [] : [.. parts[1].Split(',').Select(Id)];
        }

        return options.Problems() is { Count: > 0 } problems
            ? throw CliException.Usage(string.Join("; ", problems.Select(problem => $"{NameOf(problem.Setting)} {problem.Demand}")))
            : options;
    }

    private string NameOf(string setting) => setting switch
    {
        nameof(EntraOptions.ClientId) => _clientId.Name,
        nameof(EntraOptions.ApplicationIdUri) => _uri.Name,
        nameof(EntraOptions.LoginEndpoint) => _authority.Name,
        _ => _tenants.Name,
    };

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw CliException.Usage("--entra-tenant takes tenant ids");
}
