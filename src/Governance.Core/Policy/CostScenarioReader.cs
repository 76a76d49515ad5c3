using System.Collections.Immutable;
using System.Globalization;

namespace Governance.Core.Policy;

/// <summary>Reads the figures of the breach-cost scenario (<c>costScenario</c>): all of them with source and year, or none.</summary>
internal static class CostScenarioReader
{
    public static readonly ImmutableArray<string> Keys =
        ["currency", "breachCostMuchShadowAi", "breachCostLittleShadowAi", "customerPiiShare", "savedByPolicy", "savedByTooling"];

    public static readonly ImmutableArray<string> FigureKeys = ["amount", "source", "year"];

    private const decimal Most = 1_000_000_000_000;

    /// <returns>Null when the policy has none, or one with mistakes.</returns>
    public static CostScenarioSetting? Read(PolicyFields top, List<Problem> problems)
    {
        if (top.Entry("costScenario") is not { } entry)
        {
            return null;
        }

        if (entry.Value is not PolicyNode.Map map)
        {
            top.Note(entry.Value, $"'costScenario' must be a group of keys, not {entry.Value.Form}");
            return null;
        }

        var fields = new PolicyFields(map, Keys, problems);
        foreach (var missing in Keys.Where(key => !fields.Has(key)))
        {
            fields.Note(map, $"'{missing}' is missing; a scenario needs {string.Join(", ", Keys)}");
        }

        var currency = fields.Text("currency");
        if (currency is not null && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)))
        {
            fields.Note(fields.Entry("currency")!.Value, "'currency' must be three letters such as EUR");
        }

        var much = Figure(fields, "breachCostMuchShadowAi", Most, problems);
        var little = Figure(fields, "breachCostLittleShadowAi", Most, problems);
        var share = Figure(fields, "customerPiiShare", 100, problems);
        var policy = Figure(fields, "savedByPolicy", Most, problems);
        var tooling = Figure(fields, "savedByTooling", Most, problems);
        if (little?.Amount > much?.Amount)
        {
            fields.Note(fields.Entry("breachCostLittleShadowAi")!.Value, "'breachCostLittleShadowAi' is greater than 'breachCostMuchShadowAi'");
        }

        return currency is null || much is null || little is null || share is null || policy is null || tooling is null
            ? null
            : new CostScenarioSetting(currency, much, little, share, policy, tooling);
    }

    private static SourcedFigure? Figure(PolicyFields parent, string key, decimal most, List<Problem> problems)
    {
        if (parent.Entry(key) is not { } entry)
        {
            return null;
        }

        if (entry.Value is not PolicyNode.Map map)
        {
            parent.Note(entry.Value, $"'{key}' must be a group with amount, source and year, not {entry.Value.Form}");
            return null;
        }

        var fields = new PolicyFields(map, FigureKeys, problems);
        foreach (var missing in FigureKeys.Where(part => !fields.Has(part)))
        {
            fields.Note(map, $"'{key}' has no '{missing}'");
        }

        var amount = Amount(fields, most);
        return amount is { } figure && fields.Text("source") is { } source && fields.Number("year", 1990, 2200) is { } year
            ? new SourcedFigure(figure, source, year)
            : null;
    }

    private static decimal? Amount(PolicyFields fields, decimal most)
    {
        if (fields.Entry("amount")?.Value is not { } value)
        {
            return null;
        }

        if (value is PolicyNode.Scalar { Quoted: false } scalar
            && decimal.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount >= 0 && amount <= most)
        {
            return amount;
        }

        fields.Note(value, $"'amount' must be a number from 0 to {most.ToString("0", CultureInfo.InvariantCulture)}");
        return null;
    }
}
