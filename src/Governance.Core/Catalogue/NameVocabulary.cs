using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>Words that say nothing about the product: environments, regions, integrations, connecting words; and bait.</summary>
/// <remarks>Data: <c>name-words.json</c>.</remarks>
internal static class NameVocabulary
{
    public static readonly PhraseSet<bool> Neutral;

    /// <summary>Words between a product and what it is for: "for", "für", "via".</summary>
    public static readonly PhraseSet<bool> Connecting;

    /// <summary>Words that tell of an integration made by a third party or by the tenant.</summary>
    public static readonly PhraseSet<bool> Integration;

    /// <summary>Words that lure people into consenting; true for those strong by themselves.</summary>
    public static readonly PhraseSet<bool> Bait;

    static NameVocabulary()
    {
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("name-words.json"));
        Neutral = Read(file.RootElement.GetProperty("neutral"));
        Connecting = Read(file.RootElement.GetProperty("connecting"));
        Integration = Read(file.RootElement.GetProperty("integration"));
        var bait = file.RootElement.GetProperty("bait");
        Bait = Read(bait.GetProperty("strong"));
        Fill(Bait, bait.GetProperty("weak"), false);
    }

    private static PhraseSet<bool> Read(JsonElement words)
    {
        var set = new PhraseSet<bool>();
        Fill(set, words, true);
        return set;
    }

    private static void Fill(PhraseSet<bool> set, JsonElement words, bool value)
    {
        foreach (var word in words.EnumerateArray())
        {
            set.Add(word.GetString()!, value);
        }
    }
}
