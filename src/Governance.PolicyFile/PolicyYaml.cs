using System.Text;
using Governance.Core;
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

    /// <param name="knownTool">True for product names that the catalogue has.</param>
    /// <param name="toolNames">Names to propose for one that is not known; none by default.</param>
    public static Parsed<GovernancePolicy> Read(string text, Func<string, bool> knownTool, IEnumerable<string>? toolNames = null)
    {
        if (Encoding.UTF8.GetByteCount(text) > LargestBytes)
        {
            return Bad(new Problem(0, 0, $"the policy is larger than {LargestBytes} bytes"));
        }

        var plain = text.StartsWith('\uFEFF') ? text[1..] : text;
        if (FirstTab(plain) is { } tab)
        {
            return Bad(tab);
        }

        try
        {
            return PolicyReader.Read(YamlNodes.Read(plain), knownTool, toolNames);
        }
        catch (PolicySyntaxException broken)
        {
            return Bad(broken.Problem);
        }
    }

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
