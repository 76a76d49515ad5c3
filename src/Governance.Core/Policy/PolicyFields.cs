using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Text;

namespace Governance.Core.Policy;

/// <summary>Reads the keys of one group and notes every mistake with its place.</summary>
internal sealed class PolicyFields
{
    private const int LongestText = 1000;
    private readonly Dictionary<string, PolicyEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems;

    public PolicyFields(PolicyNode.Map map, ImmutableArray<string> known, List<Problem> problems)
    {
        _problems = problems;
        foreach (var entry in map.Entries)
        {
            if (!known.Contains(entry.Key, StringComparer.Ordinal))
            {
                Note(entry, $"unknown key '{Shown(entry.Key)}'{NearestName.Hint(entry.Key, known)}");
            }
            else if (!_entries.TryAdd(entry.Key, entry))
            {
                Note(entry, $"'{entry.Key}' stands twice, first in line {_entries[entry.Key].Line}");
            }
        }
    }

    public bool Has(string key) => _entries.ContainsKey(key);

    public PolicyEntry? Entry(string key) => _entries.GetValueOrDefault(key);

    /// <summary>Text of a file as it may stand in a message: short and on one line.</summary>
    public static string Shown(string text)
    {
        var line = new string([.. text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' || char.GetUnicodeCategory(letter) == UnicodeCategory.Format ? '?' : letter)]);
        return line.Length <= 60 ? line : line[..60] + "...";
    }

    /// <returns>Null when the key is missing or wrong.</returns>
    public string? Text(string key) => _entries.TryGetValue(key, out var entry) ? TextOf(entry.Value, $"'{key}'") : null;

    public string? TextOf(PolicyNode node, string what)
    {
        if (node is not PolicyNode.Scalar { Empty: false } scalar || string.IsNullOrWhiteSpace(scalar.Text))
        {
            return Wrong<string>(node, $"{what} must be a text");
        }

        if (scalar.Text.Length > LongestText)
        {
            return Wrong<string>(node, $"{what} is longer than {LongestText} characters");
        }

        return scalar.Text.Any(letter => char.IsControl(letter) && letter is not '\n' and not '\r')
            ? Wrong<string>(node, $"{what} has control characters")
            : scalar.Text.Trim();
    }

    public Guid? Id(string key)
    {
        if (Value(key) is not { } scalar)
        {
            return null;
        }

        if (!Guid.TryParseExact(scalar.Text.Trim(), "D", out var id) || id == Guid.Empty)
        {
            Note(scalar, $"'{key}' must be an id such as 11111111-2222-3333-4444-555555555555, not '{Shown(scalar.Text)}'");
            return null;
        }

        return id;
    }

    public DateOnly? Day(string key)
    {
        if (Value(key) is not { } scalar)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(scalar.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            Note(scalar, $"'{key}' must be a day of the calendar as yyyy-MM-dd, not '{Shown(scalar.Text)}'");
            return null;
        }

        return day;
    }

    public bool? Choice(string key)
    {
        if (Value(key) is not { } scalar)
        {
            return null;
        }

        if (scalar.Quoted || scalar.Text is not ("true" or "True" or "TRUE" or "false" or "False" or "FALSE"))
        {
            Note(scalar, $"'{key}' must be true or false, not '{Shown(scalar.Text)}'");
            return null;
        }

        return scalar.Text is "true" or "True" or "TRUE";
    }

    public int? Number(string key, int least, int most)
    {
        if (Value(key) is not { } scalar)
        {
            return null;
        }

        if (scalar.Quoted || !int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            var range = least == most ? $"{least}" : $"a whole number from {least} to {most}";
            Note(scalar, $"'{key}' must be {range}, not {(scalar.Quoted ? "the text " : string.Empty)}'{Shown(scalar.Text)}'");
            return null;
        }

        return number;
    }

    /// <returns>Null when the key is missing or wrong; texts of one <see cref="NameForm"/> count once.</returns>
    public ImmutableArray<string>? Texts(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.Value is not PolicyNode.List list)
        {
            Note(entry.Value, $"'{key}' must be a list, not {entry.Value.Form}; an empty one is written []");
            return null;
        }

        return [.. list.Items.Select(item => TextOf(item, $"an entry of '{key}'")).OfType<string>().Distinct(NameForm.Comparer)];
    }

    /// <summary>Ids of a list; each text that is none is noted and left out.</summary>
    public ImmutableArray<Guid> Ids(string key)
    {
        var ids = ImmutableArray.CreateBuilder<Guid>();
        foreach (var text in Texts(key) ?? [])
        {
            if (Guid.TryParseExact(text, "D", out var id) && id != Guid.Empty)
            {
                ids.Add(id);
            }
            else
            {
                Note(Entry(key)!.Value, $"'{key}' must hold ids such as 11111111-2222-3333-4444-555555555555, not '{Shown(text)}'");
            }
        }

        return ids.ToImmutable();
    }

    public void Note(PolicyNode node, string message) => _problems.Add(new Problem(node.Line, node.Column, message));

    public void Note(PolicyEntry entry, string message) => _problems.Add(new Problem(entry.Line, entry.Column, message));

    private PolicyNode.Scalar? Value(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.Value is PolicyNode.Scalar { Empty: false } scalar)
        {
            return scalar;
        }

        Note(entry.Value, $"'{key}' must be a single value, not {entry.Value.Form}");
        return null;
    }

    private T? Wrong<T>(PolicyNode node, string message)
        where T : class
    {
        Note(node, node is PolicyNode.Scalar { Empty: false } ? message : $"{message}, not {node.Form}");
        return null;
    }
}
