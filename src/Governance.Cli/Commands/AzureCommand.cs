using System.CommandLine;
using Governance.Microsoft365.Graph;

namespace Governance.Cli.Commands;

/// <summary><c>governance azure</c>: what a deployment to Azure needs outside of Azure itself.</summary>
internal static class AzureCommand
{
    public static Command Create(Terminal terminal, TimeProvider time) => new("azure", "Helps a deployment to Azure") { Grant(terminal, time) };

    private static Command Grant(Terminal terminal, TimeProvider time)
    {
        var principal = new Option<Guid>("--principal") { Description = "Object id of the identity that reads", HelpName = "ID", Required = true };
        var optional = new Option<bool>("--with-optional") { Description = "Also the rights for consent events, consent requests and sign-in activity" };
        var endpoint = new Option<string>("--graph-endpoint") { Description = "Graph root", HelpName = "URL", DefaultValueFactory = _ => "https://graph.microsoft.com/v1.0" };
        var tokenEnv = new Option<string?>("--token-env") { Description = "Environment variable that holds a bearer token for Graph", HelpName = "VAR" };
        var command = new Command("grant", "Gives the deployment's identity the Graph rights that scans need, or prints what an administrator has to run") { principal, optional, endpoint, tokenEnv };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new GraphOptions
            {
                Endpoint = Uri.TryCreate(parsed.GetValue(endpoint), UriKind.Absolute, out var address)
                    ? address
                    : throw CliException.Usage("--graph-endpoint: that is no address such as https://graph.microsoft.com"),
            };
            if (options.Problems() is { Count: > 0 } problems)
            {
                throw CliException.Usage($"--graph-endpoint: {problems[0]}");
            }

            var id = parsed.GetValue(principal);
            if (id == Guid.Empty)
            {
                throw CliException.Usage("--principal: that is the empty id; see GOVERNANCE_READER_PRINCIPAL_ID in 'azd env get-values'");
            }

            IReadOnlyList<string> roles = parsed.GetValue(optional) ? [.. AppRoleGrants.Needed, .. AppRoleGrants.Optional] : AppRoleGrants.Needed;
            using var http = GraphTransport.Client(options);
            var results = await new AppRoleGrants(http, options, Token(parsed.GetValue(tokenEnv), time)).GrantAsync(id, roles, cancellationToken).ConfigureAwait(false);
            foreach (var (role, result) in results)
            {
                await terminal.Result.WriteLineAsync($"{role,-24} {Word(result)}").ConfigureAwait(false);
            }

            var refused = results.Where(result => result.Result == AppRoleGrant.Refused).Select(result => result.Role).ToArray();
            if (refused.Length > 0)
            {
                terminal.Note("governance: you may not grant these; ask a Privileged Role Administrator to run in a shell with the Azure CLI:");
                await terminal.Result.WriteLineAsync(ForAdministrator(id, refused)).ConfigureAwait(false);
                return ExitCode.AccessRefused;
            }

            return results.Any(result => result.Result == AppRoleGrant.Unknown) ? ExitCode.Incomplete : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Commands that can be run as they are.</summary>
    private static string ForAdministrator(Guid principal, IEnumerable<string> roles) => string.Join(
        '\n',
        [
            "graph=$(az ad sp show --id 00000003-0000-0000-c000-000000000000 --query id -o tsv)",
            .. roles.Select(role =>
                $"az rest --method post --url https://graph.microsoft.com/v1.0/servicePrincipals/{principal:D}/appRoleAssignments "
                + $"--body \"{{\\\"principalId\\\":\\\"{principal:D}\\\",\\\"resourceId\\\":\\\"$graph\\\",\\\"appRoleId\\\":\\\"$(az ad sp show --id $graph --query \"appRoles[?value=='{role}'].id\" -o tsv)\\\"}}\""),
        ]);

    private static string Word(AppRoleGrant result) => result switch
    {
        AppRoleGrant.Granted => "granted",
        AppRoleGrant.Held => "held already",
        AppRoleGrant.Refused => "refused",
        _ => "not offered by this Graph",
    };

    private static ITokenSource Token(string? variable, TimeProvider time)
    {
        try
        {
            return variable is null ? CredentialToken.FromThisMachine(time) : FixedToken.FromEnvironment(variable);
        }
        catch (ArgumentException problem)
        {
            throw CliException.Usage($"--token-env: {problem.Message}");
        }
    }
}
