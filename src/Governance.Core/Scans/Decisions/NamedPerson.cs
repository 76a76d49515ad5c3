using System.Text;
using System.Text.Json;
using Governance.Core.Text;

namespace Governance.Core.Scans.Decisions;

/// <summary>Tells whether a record is about one person: by object id, or by a whole name in its <see cref="NameForm"/>; never by a part of a word.</summary>
/// <param name="identity">Object id, alone or behind that of its tenant (<c>tenant/id</c>), or the name under which the person acted.</param>
public sealed class NamedPerson(string identity)
{
    private readonly string _name = NameForm.Of(identity);

    /// <summary>Null for a person known by name.</summary>
    public Guid? Id { get; } = IdOf(identity);

    /// <summary>The identity in the form in which it is compared.</summary>
    public string Form => Id is { } id ? id.ToString("D") : _name;

    /// <summary>True when a field that holds who did something holds this person.</summary>
    public bool Is(string who) => Id is { } id ? IdOf(who) == id : _name.Length > 0 && NameForm.Of(who) == _name;

    /// <summary>True when a text holds the person's id, or the name as whole words.</summary>
    public bool StandsIn(string text) => Next(text, 0) is not null;

    /// <summary>True when a text of a JSON document is the person or holds them; what is no JSON is taken as one text.</summary>
    public bool StandsInJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.GetString() is { } text && (Is(text) || StandsIn(text)))
                {
                    return true;
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return StandsIn(Encoding.UTF8.GetString(json));
        }

        return false;
    }

    /// <summary>A text with the person taken out of it, and nothing else.</summary>
    public string Without(string text)
    {
        var left = new StringBuilder(text.Length);
        var from = 0;
        while (Next(text, from) is var (start, end))
        {
            left.Append(text, from, start - from).Append(IPersonalRecords.Erased);
            from = end;
        }

        return left.Append(text, from, text.Length - from).ToString();
    }

    /// <returns>Who confirmed something and why, with the person taken out; null when neither names them. A reason goes whole with its writer.</returns>
    public (string By, string Reason)? Without(string by, string reason) =>
        Is(by) ? (IPersonalRecords.Erased, IPersonalRecords.Erased) : StandsIn(reason) ? (by, Without(reason)) : null;

    private static Guid? IdOf(string text)
    {
        Guid? last = null;
        foreach (var part in NameForm.Of(text).Split('/'))
        {
            if (!Guid.TryParse(part, out var id))
            {
                return null;
            }

            last = id;
        }

        return last;
    }

    private (int Start, int End)? Next(string text, int from) => Id is { } id ? NextId(text, from, id) : NextName(text, from);

    private static (int Start, int End)? NextId(string text, int from, Guid id)
    {
        (int Start, int End)? first = null;
        foreach (var spelling in new[] { id.ToString("D"), id.ToString("N") })
        {
            for (var at = from; (at = text.IndexOf(spelling, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            {
                var end = at + spelling.Length;
                var whole = (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end]));
                if (whole && (first is null || at < first.Value.Start))
                {
                    first = (at, end);
                    break;
                }
            }
        }

        return first;
    }

    private (int Start, int End)? NextName(string text, int from)
    {
        if (_name.Length == 0 || !NameForm.Of(text[from..]).Contains(_name, StringComparison.Ordinal))
        {
            return null;
        }

        for (var start = from; start < text.Length; start++)
        {
            if (!WordEdges.Starts(text, start))
            {
                continue;
            }

            for (var end = start + 1; end <= text.Length; end++)
            {
                if (!WordEdges.Ends(text, end))
                {
                    continue;
                }

                var piece = NameForm.Of(text[start..end]);
                if (piece == _name)
                {
                    return (start, end);
                }

                if (!_name.StartsWith(piece, StringComparison.Ordinal))
                {
                    break;
                }
            }
        }

        return null;
    }
}
