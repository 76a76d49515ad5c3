using System.Collections.Immutable;

namespace Governance.Api.Report.Charts;

/// <summary>Room for a drawing: left and right in percent of the width, top and bottom in pixels.</summary>
internal readonly record struct Frame(decimal Left, decimal Right, decimal Top, decimal Bottom);

/// <summary>A point of a line: x in percent of the width, y in pixels.</summary>
internal readonly record struct LinePoint(decimal X, decimal Y, DateTimeOffset At, decimal Value, bool Complete);

/// <summary>One KPI over the scans. A scan without the value leaves a gap: nothing is drawn across it.</summary>
internal sealed record TimeLine(ImmutableArray<LinePoint> Points, ImmutableArray<(LinePoint From, LinePoint To)> Segments)
{
    private static readonly ImmutableArray<decimal> Steps = [1, 1.5m, 2, 2.5m, 3, 4, 5, 6, 8];

    public LinePoint? Last => Points.IsEmpty ? null : Points[^1];

    /// <param name="highest">Value at the top of the frame, with 0 at its bottom; null to fill the frame from lowest to highest.</param>
    public static TimeLine Of(ReportView view, string kpi, Frame frame, decimal? highest)
    {
        var scans = view.Facts.History
            .Select(scan => (scan.StartedAt, Value: scan.Values.FirstOrDefault(value => value.Id == kpi)))
            .Select(scan => (scan.StartedAt, Value: scan.Value is null ? null : view.Figures.Drawn(scan.Value), Complete: scan.Value?.Complete ?? false))
            .ToArray();
        var values = scans.Select(scan => scan.Value).OfType<decimal>().ToArray();
        if (values.Length == 0)
        {
            return new TimeLine([], []);
        }

        var (low, high) = highest is { } top ? (0m, top) : (values.Min(), values.Max());
        var (begin, end) = (scans[0].StartedAt, scans[^1].StartedAt);
        var points = ImmutableArray.CreateBuilder<LinePoint>();
        var segments = ImmutableArray.CreateBuilder<(LinePoint, LinePoint)>();
        LinePoint? before = null;
        foreach (var (at, value, complete) in scans)
        {
            LinePoint? point = value is { } known
                ? new LinePoint(
                    end > begin ? frame.Left + ((frame.Right - frame.Left) * (at - begin).Ticks / (end - begin).Ticks) : frame.Right,
                    high > low ? frame.Bottom - ((frame.Bottom - frame.Top) * (known - low) / (high - low)) : (frame.Top + frame.Bottom) / 2,
                    at,
                    known,
                    complete)
                : null;
            if (point is { } here)
            {
                points.Add(here);
                if (before is { } last)
                {
                    segments.Add((last, here));
                }
            }

            before = point;
        }

        return new TimeLine(points.ToImmutable(), segments.ToImmutable());
    }

    /// <summary>A round number at or above the highest value, made of four steps of whole numbers.</summary>
    public static decimal RoundUp(decimal value)
    {
        for (var unit = 1m; ; unit *= 10)
        {
            foreach (var step in Steps)
            {
                if (step * unit * 4 >= value && decimal.IsInteger(step * unit))
                {
                    return step * unit * 4;
                }
            }
        }
    }
}
