using Governance.Core.Consents;
using Governance.Core.Digest;
using Governance.Core.Kpis;
using Governance.Core.Scans;

namespace Governance.Api.Report;

/// <summary>KPI values as words, such that no small group of people can be told from them.</summary>
internal sealed class ReportFigures(StoredFacts facts, DigestWords words)
{
    private const string MarketingShare = "exposed-users-marketing-share";

    private Language Language => words.Language;

    private int Smallest => facts.Policy.SmallestGroupShown;

    /// <summary>The value with its unit; bounded or withheld where it would tell of a small group.</summary>
    public string Value(KpiValue kpi)
    {
        if (kpi.Value is not { } value)
        {
            return Language.Text("not-available");
        }

        if (kpi.Id == MarketingShare && value > 0 && kpi.SampleSize > 0 && value * kpi.SampleSize < 100m * Smallest)
        {
            return "< " + Language.Percent(Math.Min(100m, 100m * Smallest / kpi.SampleSize));
        }

        return OfFew(kpi) ? Language.Text("report.too-small") : words.Figure(value, kpi.Unit);
    }

    public string Previous(KpiValue kpi) => kpi.Previous is { } previous ? Value(kpi with { Value = previous }) : "–";

    public string Target(KpiValue kpi) => kpi.Target is { } target ? words.Figure(target, kpi.Unit) : "–";

    /// <summary>How many things it was computed over; people below the smallest group are not counted out.</summary>
    public string Sample(KpiValue kpi) => words.Figure(kpi.SampleSize, OverPeople(kpi) ? "users" : "count");

    /// <summary>Height of a value in a drawing: a small group is drawn as large as the smallest one shown.</summary>
    public decimal? Drawn(KpiValue kpi) => kpi.Value switch
    {
        > 0 and { } value when kpi.Unit == "users" && value < Smallest => Smallest,
        > 0 when OfFew(kpi) => null,
        var value => value,
    };

    /// <summary>Why a value is missing or not whole, in the reader's language; null when it is neither.</summary>
    public string? Note(KpiValue kpi)
    {
        var parts = KpiCatalogue.ById(kpi.Id)?.RestsOn ?? [];
        var readings = facts.State.LastScan.Parts.Where(reading => parts.Contains(reading.Part) && !reading.Complete).ToArray();
        var unread = readings.Where(reading => reading.Status is PartStatus.Unavailable or PartStatus.Skipped).ToArray();
        return (kpi.Value, kpi.Complete) switch
        {
            (null, _) when unread.Length > 0 => Named("kpi-note.not-read", unread),
            (null, false) when Lost(readings) is { Length: > 0 } lost => Named("kpi-note.not-read", lost),
            (null, true) => Language.Text(Language.Has($"kpi-note.nothing.{kpi.Id}") ? $"kpi-note.nothing.{kpi.Id}" : "kpi-note.nothing"),
            (null, false) => Language.Text("kpi-note.unknown"),
            (_, false) when readings.Length > 0 => Named("kpi-note.not-whole", readings),
            (_, false) => Language.Text("kpi-note.uncertain"),
            _ => null,
        };
    }

    /// <summary>What is missing for a value that needs whole parts: those it rests on itself, else what its inputs rest on.</summary>
    private PartReading[] Lost(PartReading[] own) =>
        own.Length > 0 ? own : [.. facts.State.LastScan.Parts.Where(reading => Inventory.Needed.Contains(reading.Part) && !reading.Complete)];

    private static bool OverPeople(KpiValue kpi) => kpi.Unit == "users" || kpi.Id is MarketingShare or "training-coverage";

    /// <summary>A share of so few people that it tells of single ones.</summary>
    private bool OfFew(KpiValue kpi) =>
        kpi.Unit == "percent" && OverPeople(kpi) && kpi.SampleSize > 0 && kpi.SampleSize < Smallest;

    private string Named(string key, IEnumerable<PartReading> readings) => Language.Say(
        key, ("parts", words.Join([.. readings.Select(reading => Language.Text($"part.{reading.Part}"))]))).ToPlainText();
}
