using System.Collections.Immutable;
using Governance.Core;
using Governance.Core.Policy;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Governance.PolicyFile;

/// <summary>Turns YAML into nodes with places, and refuses what a policy never needs: anchors, aliases, tags, several documents.</summary>
internal sealed class YamlNodes
{
    private const int DeepestNesting = 16;
    private readonly Parser _parser;

    private YamlNodes(string text) => _parser = new Parser(new StringReader(text));

    /// <exception cref="PolicySyntaxException">The text is no YAML, or YAML that is refused; nothing of it is used.</exception>
    public static PolicyNode Read(string text)
    {
        try
        {
            var nodes = new YamlNodes(text);
            return nodes.Document();
        }
        catch (YamlException broken)
        {
            throw new PolicySyntaxException(Place(broken.Start, $"not readable as YAML: {OneLine(broken.Message)}"));
        }
    }

    private PolicyNode Document()
    {
        Next();
        if (Next() is StreamEnd or not DocumentStart)
        {
            throw new PolicySyntaxException(new Problem(1, 1, "the policy is empty"));
        }

        Next();
        var root = Node(0);
        Next();
        if (Next() is DocumentStart second)
        {
            throw Refused(second, "a second document begins here; a policy is a single one");
        }

        return root;
    }

    private ParsingEvent? Next()
    {
        var before = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext() ? _parser.Current : null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet 16.3 meets some broken scalars with these instead of a YamlException.
            throw new PolicySyntaxException(Place(before, "not readable as YAML from here on"));
        }
    }

    /// <summary>Reads the node that the current event begins, and stops at its last event.</summary>
    private PolicyNode Node(int depth)
    {
        var begin = _parser.Current!;
        if (begin is AnchorAlias)
        {
            throw Refused(begin, "an alias (*) is not allowed; write the value again");
        }

        if (begin is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Refused(begin, "an anchor (&) is not allowed");
        }

        if (begin is NodeEvent { Tag.IsEmpty: false })
        {
            throw Refused(begin, "a tag (!) is not allowed");
        }

        if (depth > DeepestNesting)
        {
            throw Refused(begin, $"nested deeper than {DeepestNesting} levels");
        }

        return begin switch
        {
            Scalar scalar => new PolicyNode.Scalar(Line(begin), Column(begin), scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => new PolicyNode.List(Line(begin), Column(begin), Items(depth)),
            MappingStart => new PolicyNode.Map(Line(begin), Column(begin), Entries(depth)),
            _ => throw Refused(begin, "a value was expected here"),
        };
    }

    private ImmutableArray<PolicyNode> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<PolicyNode>();
        while (Next() is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        return items.ToImmutable();
    }

    private ImmutableArray<PolicyEntry> Entries(int depth)
    {
        var entries = ImmutableArray.CreateBuilder<PolicyEntry>();
        while (Next() is not MappingEnd)
        {
            var place = _parser.Current!;
            if (Node(depth + 1) is not PolicyNode.Scalar key)
            {
                throw Refused(place, "a key must be a single word");
            }

            Next();
            entries.Add(new PolicyEntry(key.Text, key.Line, key.Column, Node(depth + 1)));
        }

        return entries.ToImmutable();
    }

    private static PolicySyntaxException Refused(ParsingEvent place, string message) => new(Place(place.Start, message));

    private static Problem Place(Mark mark, string message) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column), message);

    private static int Line(ParsingEvent node) => (int)node.Start.Line;

    private static int Column(ParsingEvent node) => (int)node.Start.Column;

    private static string OneLine(string message) => new([.. message.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
}

/// <summary>The text of a policy cannot be taken apart.</summary>
internal sealed class PolicySyntaxException(Problem problem) : Exception(problem.Message)
{
    public Problem Problem { get; } = problem;
}
