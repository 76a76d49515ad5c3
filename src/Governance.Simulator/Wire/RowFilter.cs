using System.Text;

namespace Governance.Simulator.Wire;

/// <summary>The part of OData's <c>$filter</c> that collectors use: <c>eq</c>, <c>ge</c>, <c>le</c>, <c>in</c> and <c>startswith</c>, joined by <c>and</c>.</summary>
internal sealed record RowFilter(string Property, string Operator, IReadOnlyList<string> Values)
{
    private const int MostInValues = 15;

    /// <exception cref="GraphException">It says something else.</exception>
    public static IReadOnlyList<RowFilter> Parse(string text)
    {
        var tokens = Tokens(text);
        var clauses = new List<RowFilter>();
        var at = 0;
        while (true)
        {
            clauses.Add(Clause());
            if (at == tokens.Count)
            {
                return clauses;
            }

            Expect("and");
        }

        RowFilter Clause()
        {
            var first = Next();
            if (string.Equals(first, "startswith", StringComparison.OrdinalIgnoreCase))
            {
                Expect("(");
                var property = Next();
                Expect(",");
                var prefix = Value();
                Expect(")");
                return new RowFilter(property, "startswith", [prefix]);
            }

            switch (Next().ToLowerInvariant())
            {
                case "in":
                    Expect("(");
                    var values = new List<string> { Value() };
                    while (Peek() == ",")
                    {
                        Next();
                        values.Add(Value());
                    }

                    Expect(")");
                    return values.Count <= MostInValues
                        ? new RowFilter(first, "eq", values)
                        : throw GraphException.Unsupported($"Too many child clauses specified in search filter expression containing 'OR' operators: {values.Count}. Max allowed: {MostInValues}.");
                case var comparison and ("eq" or "ge" or "le"):
                    return new RowFilter(first, comparison, [Value()]);
                default:
                    throw Invalid();
            }
        }

        string Value() => Next() is var token && token.StartsWith('\'') ? token[1..] : token;

        string Next() => at < tokens.Count ? tokens[at++] : throw Invalid();

        string? Peek() => at < tokens.Count ? tokens[at] : null;

        void Expect(string token)
        {
            if (!string.Equals(Next(), token, StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid();
            }
        }

        GraphException Invalid() => GraphException.Unsupported($"Unsupported or invalid query filter clause specified for property '{text}'.");
    }

    public bool Holds(string? value) => Operator switch
    {
        "startswith" => value is not null && value.StartsWith(Values[0], StringComparison.OrdinalIgnoreCase),
        "ge" => value is not null && string.CompareOrdinal(value, Values[0].TrimEnd('Z')) >= 0,
        "le" => value is not null && string.CompareOrdinal(value, Values[0].TrimEnd('Z')) <= 0,
        _ => Values.Any(wanted => string.Equals(value ?? "null", wanted, StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>Literals keep a leading quote, so that <c>'and'</c> is no keyword.</summary>
    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            var character = text[at];
            if (char.IsWhiteSpace(character))
            {
                at++;
            }
            else if (character is '(' or ')' or ',')
            {
                tokens.Add(text[at++].ToString());
            }
            else if (character == '\'')
            {
                var literal = new StringBuilder("'");
                for (at++; at < text.Length; at++)
                {
                    if (text[at] == '\'')
                    {
                        if (at + 1 >= text.Length || text[at + 1] != '\'')
                        {
                            break;
                        }

                        at++;
                    }

                    literal.Append(text[at]);
                }

                at++;
                tokens.Add(literal.ToString());
            }
            else
            {
                var start = at;
                while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('(' or ')' or ',' or '\''))
                {
                    at++;
                }

                tokens.Add(text[start..at]);
            }
        }

        return tokens;
    }
}
