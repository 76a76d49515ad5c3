using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Consents;

namespace Governance.Core.Catalogue;

/// <summary>An app of which a person said what it is.</summary>
/// <param name="Half">Part of the set it belongs to, such as <c>tuning</c> or <c>test</c>; null when it is not split.</param>
/// <param name="Group">What it is an example of; null when not stated.</param>
/// <param name="Expected">Null when it does not count for the verdict, such as a look-alike.</param>
/// <param name="Imitates">What it imitates; null when it imitates nobody.</param>
public sealed record LabelledApp(ServicePrincipal App, string? Half, string? Group, AiVerdict? Expected, string? Imitates)
{
    /// <summary>Reads a labelled set: one <c>{ "half", "group", "expected": { "verdict", "imitates" }, "app" }</c> a line, the app as Graph writes a service principal.</summary>
    public static Parsed<ImmutableArray<LabelledApp>> Parse(string jsonLines)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        var apps = ImmutableArray.CreateBuilder<LabelledApp>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var number = 0;
        foreach (var line in jsonLines.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var json = JsonDocument.Parse(line);
                apps.Add(Read(json.RootElement));
            }
            catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
            {
                problems.Add(new Problem(number, 1, $"no labelled app: {wrong.Message}"));
            }
        }

        return problems.Count > 0
            ? new Parsed<ImmutableArray<LabelledApp>>.Bad(problems.ToImmutable())
            : new Parsed<ImmutableArray<LabelledApp>>.Good(apps.ToImmutable());
    }

    private static LabelledApp Read(JsonElement line)
    {
        var expected = line.GetProperty("expected");
        return new LabelledApp(ServicePrincipalJson.Read(line.GetProperty("app")), Text(line, "half"), Text(line, "group"), Verdict(Text(expected, "verdict")), Text(expected, "imitates"));
    }

    private static AiVerdict? Verdict(string? text) => text switch
    {
        "ai" => AiVerdict.Ai,
        "aiFeature" => AiVerdict.AiFeature,
        "notAi" => AiVerdict.NotAi,
        "unknown" => AiVerdict.Unknown,
        null or "any" => null,
        _ => throw new FormatException($"unknown verdict \"{text}\""),
    };

    private static string? Text(JsonElement from, string property) =>
        from.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
