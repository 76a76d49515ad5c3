using System.CommandLine;
using Governance.Api.Access;

namespace Governance.Cli.Serving;

/// <summary>Options that say which Entra tokens a server accepts.</summary>
internal sealed class EntraSettings
{
    private readonly Option<string?> _authority = new("--entra-authority") { Description = "Accept tokens of this authority, such as https://login.microsoftonline.com/TENANT/v2.0", HelpName = "URL" };
    private readonly Option<string?> _audience = new("--entra-audience") { Description = "Application id or id URI of this API", HelpName = "ID" };
    private readonly Option<string[]> _tenants = new("--entra-tenant") { Description = "Tenant whose tokens are accepted; ID=OTHER,OTHER names the tenants its callers may see instead of their own", HelpName = "ID" };

    public void AddTo(Command command)
    {
        command.Add(_authority);
        command.Add(_audience);
        command.Add(_tenants);
    }

    /// <returns>Null when no Entra token is accepted.</returns>
    /// <exception cref="CliException">An option cannot be used.</exception>
    public EntraOptions? Read(ParseResult parsed)
    {
        var (authority, audience, tenants) = (parsed.GetValue(_authority), parsed.GetValue(_audience), parsed.GetValue(_tenants) ?? []);
        if (authority is null && audience is null && tenants.Length == 0)
        {
            return null;
        }

        var options = new EntraOptions { Authority = Uri.TryCreate(authority, UriKind.Absolute, out var url) ? url : null, Audience = audience ?? string.Empty };
        foreach (var text in tenants)
        {
            var parts = text.Split('=', 2);
            options.Tenants[Id(parts[0])] = parts.Length == 1 ? [] : [.. parts[1].Split(',').Select(Id)];
        }

        return options.Problems() is { Count: > 0 } problems ? throw CliException.Usage($"--entra-authority, --entra-audience, --entra-tenant: {string.Join("; ", problems)}") : options;
    }

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw CliException.Usage("--entra-tenant takes tenant ids");
}
