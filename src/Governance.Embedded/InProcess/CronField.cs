using System.Globalization;

namespace Governance.Embedded.InProcess;

/// <summary>Reads one field of a schedule into a set of numbers, one bit each.</summary>
internal static class CronField
{
    /// <exception cref="FormatException">The field cannot be read, or a number is out of its range.</exception>
    public static ulong Parse(string field, string name, int least, int most)
    {
        ulong set = 0;
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var whole] => (whole, 1),
                [var whole, var every] => (whole, Number(every, name, 1, most)),
                _ => throw Wrong(name, part),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (least, most),
                [var one] => (Number(one, name, least, most), part.Contains('/', StringComparison.Ordinal) ? most : Number(one, name, least, most)),
                [var first, var last] => (Number(first, name, least, most), Number(last, name, least, most)),
                _ => throw Wrong(name, part),
            };
            if (from > to)
            {
                throw Wrong(name, part);
            }

            for (var value = from; value <= to; value += step)
            {
                set |= 1UL << value;
            }
        }

        return set;
    }

    private static int Number(string text, string name, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw Wrong(name, text);

    private static FormatException Wrong(string name, string text) => new($"'{text}' cannot be read as {name}");
}
