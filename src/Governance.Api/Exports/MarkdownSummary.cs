using System.Text;
using Governance.Core;
using Governance.Core.Digest;
using Governance.Core.Scans;

namespace Governance.Api.Exports;

/// <summary>The executive digest as Markdown (CommonMark with tables), in English.</summary>
internal static class MarkdownSummary
{
    /// <summary>ASCII punctuation, any of which CommonMark lets a backslash take the meaning from.</summary>
    private const string Marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public static void Write(Stream stream, StoredFacts facts)
    {
        var content = DigestComposer.Compose(facts.Digest, DigestAudience.Executive, "en");
        var language = Language.Of(content.Language);
        var text = new StringBuilder();
        text.Append("# ").Append(content.Title).Append("\n\n").Append(Safe(content.Subtitle)).Append("\n\n**").Append(Safe(content.Headline)).Append("**\n");
        if (content.DataNote is { } note)
        {
            text.Append("\n> ").Append(Safe(note)).Append('\n');
        }

        text.Append("\n| ").Append(language.Text("column.kpi")).Append(" | ").Append(language.Text("column.value"))
            .Append(" | ").Append(language.Text("column.previous")).Append(" | ").Append(language.Text("column.target")).Append(" |\n|---|---|---|---|\n");
        foreach (var tile in content.Tiles)
        {
            text.Append("| ").Append(tile.Label).Append(" | ").Append(Escape(tile.Value)).Append(" | ").Append(Escape(tile.Trend)).Append(" | ")
                .Append(Escape(tile.Target ?? string.Empty)).Append(" |\n");
        }

        foreach (var section in content.Sections)
        {
            AppendList(text, section.Title, [.. section.Lines.Select(line => Safe(line.Text))], section.Empty);
            if (section.Total > section.Lines.Length)
            {
                text.Append("- ").Append(language.Say("more", ("n", section.Total - section.Lines.Length)).ToPlainText()).Append('\n');
            }
        }

        AppendList(
            text,
            language.Text("section.decisions"),
            [.. content.Decisions.Select(decision => $"{Safe(decision.Text)} ({Safe(decision.Owner)}, {decision.DueText})")],
            language.Text("decision.none"));
        stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void AppendList(StringBuilder text, string title, string[] lines, string empty)
    {
        text.Append("\n## ").Append(title).Append("\n\n");
        foreach (var line in lines.DefaultIfEmpty(empty))
        {
            text.Append(lines.Length == 0 ? string.Empty : "- ").Append(line).Append('\n');
        }
    }

    internal static string Safe(Wording wording) => string.Concat(wording.Parts.Select(part => part.FromTenant ? Tenant(part.Text) : Escape(part.Text)));

    /// <summary>Tenant text: no mark has a meaning, and no bare address becomes a link.</summary>
    private static string Tenant(string text) => Escape(TenantText.Plain(text))
        .Replace("http", "h&#116;tp", StringComparison.OrdinalIgnoreCase)
        .Replace("www", "w&#119;w", StringComparison.OrdinalIgnoreCase);

    private static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            safe.Append(Marks.Contains(c, StringComparison.Ordinal) && c is not (',' or '.' or ':' or ';' or '\'' or '%' or '?') ? $"\\{c}" : c.ToString());
        }

        return safe.ToString();
    }
}
