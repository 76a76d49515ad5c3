using System.Text;

namespace Governance.Core.Digest;

/// <summary>Writes a digest as plain text, for terminals and previews.</summary>
public static class DigestText
{
    public static string Of(DigestContent content)
    {
        var language = Language.Of(content.Language);
        var text = new StringBuilder();
        text.AppendLine(content.Title).AppendLine(content.Subtitle.ToPlainText()).AppendLine();
        text.AppendLine(content.Headline.ToPlainText());
        if (content.DataNote is { } note)
        {
            text.AppendLine().Append("! ").AppendLine(note.ToPlainText());
        }

        text.AppendLine();
        var width = content.Tiles.Select(tile => tile.Label.Length).DefaultIfEmpty().Max();
        foreach (var tile in content.Tiles)
        {
            text.Append("  ").Append(tile.Label.PadRight(width)).Append("  ").Append(tile.Value).Append(" (").Append(tile.Trend);
            if (tile.Target is { } target)
            {
                text.Append(", ").Append(target);
            }

            text.AppendLine(tile.Complete ? ")" : $", {language.Text("incomplete")})");
        }

        foreach (var section in content.Sections)
        {
            text.AppendLine().AppendLine(section.Title);
            foreach (var line in section.Lines)
            {
                text.Append("  - ").AppendLine(line.Text.ToPlainText());
            }

            if (section.Total > section.Lines.Length)
            {
                text.Append("  ").AppendLine(language.Say("more", ("n", section.Total - section.Lines.Length)).ToPlainText());
            }
            else if (section.Total == 0)
            {
                text.Append("  ").AppendLine(section.Empty);
            }
        }

        if (content.Audience == DigestAudience.Executive)
        {
            text.AppendLine().AppendLine(language.Text("section.decisions"));
            foreach (var decision in content.Decisions)
            {
                text.Append("  - ").Append(decision.Text.ToPlainText()).Append(" (").Append(decision.Owner.ToPlainText()).Append(", ").Append(decision.DueText).AppendLine(")");
            }

            if (content.Decisions.IsEmpty)
            {
                text.Append("  ").AppendLine(language.Text("decision.none"));
            }
        }

        return text.ToString().TrimEnd();
    }
}
