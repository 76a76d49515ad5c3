using System.Globalization;

namespace Governance.Core.Catalogue;

/// <summary>Tells what a registrant owns of a host: the public suffix and one label more.</summary>
/// <remarks>Source: publicsuffix.org list, its wildcard and exception rules included; kept as <c>public-suffixes.txt</c>.</remarks>
internal sealed class PublicSuffixes
{
    public static readonly PublicSuffixes Embedded = new(EmbeddedData.Lines("public-suffixes.txt"));

    private readonly HashSet<string> _rules = new(12000, StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public PublicSuffixes(IEnumerable<string> rules)
    {
        var idn = new IdnMapping();
        foreach (var line in rules)
        {
            var end = line.IndexOfAny([' ', '\t']);
            var rule = end < 0 ? line : line[..end];
            _rules.Add(System.Text.Ascii.IsValid(rule) ? rule : idn.GetAscii(rule));
        }

        _lookup = _rules.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="host">Lower-case ASCII without a trailing dot.</param>
    /// <returns>Empty when the host is itself a public suffix.</returns>
    public ReadOnlySpan<char> RegistrableDomain(ReadOnlySpan<char> host)
    {
        Span<char> wildcard = stackalloc char[256];
        var previous = -1;
        for (var at = 0; ;)
        {
            var suffix = host[at..];
            if (IsSuffix(suffix, wildcard))
            {
                return previous < 0 ? [] : host[previous..];
            }

            var dot = suffix.IndexOf('.');
            if (dot < 0)
            {
                return previous < 0 ? [] : host[previous..];
            }

            previous = at;
            at += dot + 1;
        }
    }

    private bool IsSuffix(ReadOnlySpan<char> suffix, Span<char> buffer)
    {
        buffer[0] = '!';
        if (suffix.Length > 253)
        {
            return false;
        }

        suffix.CopyTo(buffer[1..]);
        if (_lookup.Contains(buffer[..(suffix.Length + 1)]))
        {
            return false;
        }

        if (_lookup.Contains(suffix))
        {
            return true;
        }

        var dot = suffix.IndexOf('.');
        if (dot < 0)
        {
            return false;
        }

        buffer[0] = '*';
        suffix[dot..].CopyTo(buffer[1..]);
        return _lookup.Contains(buffer[..(suffix.Length - dot + 1)]);
    }
}
