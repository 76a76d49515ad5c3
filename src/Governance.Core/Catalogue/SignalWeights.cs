using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>How far each kind of proof is trusted, from 0 to 1.</summary>
/// <remarks>Data: <c>signal-weights.json</c>.</remarks>
internal static class SignalWeights
{
    private static readonly JsonElement Table = Load();

    public static readonly double AppId = Of("appId");
    public static readonly double LearnedAppId = Of("learnedAppId");
    public static readonly double VerifiedPublisher = Of("verifiedPublisher");
    public static readonly double Domain = Of("domain");

    /// <summary>The name is nothing but the product's name and neutral words.</summary>
    public static readonly double WholeName = Of("wholeName");
    public static readonly double PartOfName = Of("partOfName");

    /// <summary>A name that is a common word or somebody else's too, standing alone.</summary>
    public static readonly double AmbiguousName = Of("ambiguousName");
    public static readonly double PublisherName = Of("publisherName");

    /// <summary>Factor on the confidence when a weaker signal says otherwise.</summary>
    public static readonly double Contradiction = Of("contradiction");

    /// <summary>Confidence that an app which imitates an AI brand is an AI tool.</summary>
    public static readonly double Imitation = Of("imitation");

    /// <summary>Probability that at least one of independent signals is right.</summary>
    public static double Combine(double one, double other) => 1 - ((1 - one) * (1 - other));

    private static double Of(string name) => Table.GetProperty(name).GetDouble();

    private static JsonElement Load()
    {
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("signal-weights.json"));
        return file.RootElement.Clone();
    }
}
