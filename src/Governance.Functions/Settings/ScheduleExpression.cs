using System.Globalization;
using Cronos;

namespace Governance.Functions.Settings;

/// <summary>The form of a timer's schedule: second, minute, hour, day, month and weekday, each <c>*</c>, a number, a range, a list or a step.</summary>
/// <remarks>Source: Azure Functions timer documentation (NCRONTAB with six fields). Checked here so that a wrong one stops the start and not only the timer.</remarks>
internal static class ScheduleExpression
{
    private static readonly (string Name, int Least, int Most)[] Fields =
        [("second", 0, 59), ("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7)];

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <returns>What is wrong, without the value; null when nothing is.</returns>
    public static string? ProblemOf(string? expression)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            return "it is not set";
        }

        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != Fields.Length)
        {
            return $"a schedule has six fields (second minute hour day month weekday), not {fields.Length}";
        }

        for (var n = 0; n < fields.Length; n++)
        {
            if (!fields[n].Split(',').All(item => Fits(item, n)))
            {
                return $"the field for the {Fields[n].Name} is not *, a number from {Fields[n].Least} to {Fields[n].Most}, a range, a list or a step";
            }
        }

        return Impossible(fields[3], fields[4]) ? "no month named has the day named"
            : CronExpression.TryParse(expression, CronFormat.IncludeSeconds, out _) ? null
            : "its occurrences cannot be computed";
    }

    private static bool Fits(string item, int field)
    {
        var step = item.Split('/');
        if (step.Length > 2 || (step.Length == 2 && !(int.TryParse(step[1], NumberStyles.None, CultureInfo.InvariantCulture, out var every) && every > 0)))
        {
            return false;
        }

        if (step[0] == "*")
        {
            return true;
        }

        var ends = step[0].Split('-').Select(end => Number(end, field)).ToArray();
        return ends.Length is 1 or 2 && ends.All(end => end is not null) && ends[0] <= ends[^1];
    }

    private static int? Number(string text, int field)
    {
        var names = field switch { 4 => Months, 5 => Weekdays, _ => [] };
        var named = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return named >= 0
            ? named + Fields[field].Least
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Fields[field].Least && number <= Fields[field].Most ? number : null;
    }

    /// <summary>Such as 30 February: single days in single months only, which is where it happens.</summary>
    private static bool Impossible(string day, string month) =>
        Number(day, 3) is { } wanted && month.Split(',').Select(item => Number(item, 4)).All(item => item is { } number && wanted > DateTime.DaysInMonth(2024, number));
}
