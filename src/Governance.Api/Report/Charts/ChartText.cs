using System.Globalization;
using System.Text;

namespace Governance.Api.Report.Charts;

/// <summary>Numbers and labels as drawings need them.</summary>
internal static class ChartText
{
    /// <summary>Widest label, in half-width letters, that two columns of a narrow screen leave room for.</summary>
    private const int Widest = 30;

    public static string Percent(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";

    public static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A label cut to the room there is; the table beside the drawing has it whole.</summary>
    public static string Short(string label, int widest = Widest)
    {
        var shown = new StringBuilder();
        var width = 0;
        foreach (var rune in label.EnumerateRunes())
        {
            width += rune.Value >= 0x1100 ? 2 : 1;
            if (width > widest)
            {
                return shown.ToString().TrimEnd() + "…";
            }

            shown.Append(rune);
        }

        return label;
    }
}
