using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>Hosts that serve anybody: cloud platforms, identity providers, tunnels. They identify nobody.</summary>
internal sealed class GenericHosts
{
    public static readonly GenericHosts Embedded = Load();

    private readonly HashSet<string> _hosts;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public GenericHosts(IEnumerable<string> hosts)
    {
        _hosts = new HashSet<string>(hosts, StringComparer.Ordinal);
        _lookup = _hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>True when the host itself is listed.</summary>
    public bool Lists(ReadOnlySpan<char> host) => _lookup.Contains(host);

    /// <summary>True when the host or a parent of it is listed.</summary>
    public bool Covers(ReadOnlySpan<char> host)
    {
        while (true)
        {
            if (_lookup.Contains(host))
            {
                return true;
            }

            var dot = host.IndexOf('.');
            if (dot < 0)
            {
                return false;
            }

            host = host[(dot + 1)..];
        }
    }

    private static GenericHosts Load()
    {
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("generic-hosts.json"));
        return new GenericHosts([.. file.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetString()!)]);
    }
}
