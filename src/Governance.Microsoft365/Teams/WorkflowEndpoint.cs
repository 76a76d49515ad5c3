using System.Net;

namespace Governance.Microsoft365.Teams;

/// <summary>Address of a Teams workflow or a Logic App. Whoever has it may post, so only <see cref="Shown"/> is ever shown.</summary>
public sealed class WorkflowEndpoint
{
    /// <summary>Hosts of Power Automate and of Logic Apps in the public cloud.</summary>
    private static readonly string[] Hosts = [".environment.api.powerplatform.com", ".logic.azure.com"];

    private const string Advice =
        "Office 365 connectors were retired; create a workflow in Teams instead (channel, Workflows, 'Send webhook alerts to a channel') and use its address";

    private WorkflowEndpoint(Uri address, bool hasSignature)
    {
        Address = address;
        HasSignature = hasSignature;
    }

    /// <summary>To be sent byte for byte as it was written: the signature covers it.</summary>
    internal Uri Address { get; }

    /// <summary>True when the address itself carries the right to post (<c>sig</c>).</summary>
    public bool HasSignature { get; }

    /// <summary>The address without what makes it a secret.</summary>
    public string Shown => $"https://{Address.IdnHost}/…";

    /// <param name="moreHosts">Hosts allowed beside the known ones: a name, or a suffix that begins with a dot.</param>
    /// <exception cref="ArgumentException">The address may not be posted to; the message says why and never repeats it.</exception>
    public static WorkflowEndpoint Parse(string address, IEnumerable<string> moreHosts) => Parse(address, moreHosts, loopback: false);

    /// <param name="loopback">True to allow plain http to this machine. For tests.</param>
    internal static WorkflowEndpoint Parse(string address, IEnumerable<string> moreHosts, bool loopback)
    {
        var text = address.Trim();
        if (text.Any(c => c is <= ' ' or > '~') || !Uri.TryCreate(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var uri))
        {
            throw new ArgumentException("the address of the workflow is no address");
        }

        if (uri.UserInfo.Length > 0 || text.Contains('#', StringComparison.Ordinal))
        {
            throw new ArgumentException("the address of the workflow holds a user name or a fragment; copy it again");
        }

        var local = loopback && uri.IsLoopback;
        if (uri.Scheme != Uri.UriSchemeHttps && !local)
        {
            throw new ArgumentException("the address of the workflow must begin with https://");
        }

        CheckHost(uri, [.. Hosts, .. moreHosts], local);
        return new WorkflowEndpoint(uri, SignatureIn(uri.Query));
    }

    public override string ToString() => Shown;

    private static void CheckHost(Uri uri, string[] allowed, bool local)
    {
        var host = uri.IdnHost.TrimEnd('.');
        if (Within(host, ".webhook.office.com") || host is "webhook.office.com" or "outlook.office.com" or "outlook.office365.com")
        {
            throw new ArgumentException($"{host} does not take messages any more: {Advice}");
        }

        if (local)
        {
            return;
        }

        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IPAddress.TryParse(host, out _))
        {
            throw new ArgumentException("the address of the workflow must name a host, not an IP address");
        }

        if (!allowed.Any(name => name.StartsWith('.') ? Within(host, name) : string.Equals(host, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException($"{host} is not a host of Power Automate or Logic Apps; when it is right, add it to the allowed hosts of the channel");
        }
    }

    /// <summary>True for a host below a suffix; the suffix alone is none.</summary>
    private static bool Within(string host, string suffix) => host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static bool SignatureIn(string query) =>
        query.TrimStart('?').Split('&').Any(part => part.StartsWith("sig=", StringComparison.OrdinalIgnoreCase) && part.Length > "sig=".Length);
}
