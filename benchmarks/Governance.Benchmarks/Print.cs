using System.Globalization;

namespace Governance.Benchmarks;

/// <summary>Writes the report, which is Markdown, line by line as it is measured.</summary>
internal static class Print
{
    public static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    public static void Line(string line) => Console.WriteLine(line);

    public static double Median<T>(IReadOnlyCollection<T> of, Func<T, double> value) => of.Select(value).Order().ElementAt(of.Count / 2);
}
