using System.Collections.Immutable;
using System.Text;
using Governance.Core;
using Governance.Core.Kpis;
using Governance.Core.Policy;

namespace Governance.PolicyFile;

/// <summary>Reads <c>governance.yaml</c>.</summary>
public static class PolicyYaml
{
    /// <summary>A file of more bytes in UTF-8 is refused.</summary>
    public const int LargestBytes = 1024 * 1024;

    /// <summary>A commented policy to start from.</summary>
    public static string Sample => Resource("governance.sample.yaml");

    /// <summary>JSON schema of the file, for editors.</summary>
    public static string Schema => Resource("governance.schema.json");

    /// <summary>Time zones that this machine can tell the time in.</summary>
    public static ZoneNames ZonesOfThisMachine { get; } = new(name => TimeZoneInfo.TryFindSystemTimeZoneById(name, out _), ZoneIds());

    /// <param name="knownTool">True for product names that the catalogue has.</param>
    /// <param name="toolNames">Names to propose for one that is not known; none by default.</param>
    /// <param name="zones">Zones that digests may be posted by; null to take any name.</param>
    public static Parsed<GovernancePolicy> Read(string text, Func<string, bool> knownTool, IEnumerable<string>? toolNames = null, ZoneNames? zones = null)
    {
        if (Encoding.UTF8.GetByteCount(text) > LargestBytes)
        {
            return Bad(new Problem(0, 0, $"the policy is larger than {LargestBytes} bytes"));
        }

        var plain = WithoutMark(text);
        if (FirstTab(plain) is { } tab)
        {
            return Bad(tab);
        }

        try
        {
            return PolicyReader.Read(YamlNodes.Read(plain), knownTool, KpiCatalogue.Ids, toolNames, zones);
        }
        catch (PolicySyntaxException broken)
        {
            return Bad(broken.Problem);
        }
    }

    /// <summary>Names in <c>permissions</c> that are one slip away from a permission that is known. An API of one's own may well have such a permission, so the policy holds.</summary>
    /// <param name="text">A policy that was read without a problem.</param>
    public static ImmutableArray<Problem> Doubts(string text, IReadOnlySet<string> permissions)
    {
        var approved = (YamlNodes.Read(WithoutMark(text)) as PolicyNode.Map)?.Entries.FirstOrDefault(entry => entry.Key == "approved")?.Value as PolicyNode.List;
        return
        [
            .. from item in (approved?.Items ?? []).OfType<PolicyNode.Map>()
               from entry in item.Entries
               where entry.Key == "permissions"
               from value in (entry.Value as PolicyNode.List)?.Items ?? []
               let name = value as PolicyNode.Scalar
               where name is not null && !permissions.Contains(name.Text)
               let near = NearestName.Of(name.Text, permissions)
               where near is not null
               select new Problem(name.Line, name.Column, $"no permission '{name.Text}' is known (did you mean '{near}'?); it stays as it is written"),
        ];
    }

    /// <summary>Asked for only when a name has to be proposed: it reads every zone there is.</summary>
    private static IEnumerable<string> ZoneIds()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            yield return zone.Id;
        }
    }

    /// <summary>Editors put a byte order mark in front that is no part of the policy.</summary>
    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;

    /// <summary>A tab that indents looks like blanks and means something else, if anything.</summary>
    private static Problem? FirstTab(string text)
    {
        var line = 0;
        foreach (var content in text.AsSpan().EnumerateLines())
        {
            line++;
            var tab = content.IndexOf('\t');
            if (tab >= 0 && content[..tab].Trim(" -").IsEmpty)
            {
                return new Problem(line, tab + 1, "a tab indents this line; use blanks");
            }
        }

        return null;
    }

    private static Parsed<GovernancePolicy> Bad(Problem problem) => new Parsed<GovernancePolicy>.Bad([problem]);

    private static string Resource(string name)
    {
        using var stream = typeof(PolicyYaml).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
