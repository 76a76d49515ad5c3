using System.Collections.Frozen;
using System.Text.Json;

namespace Governance.Core.Catalogue;

/// <summary>Apps that others saw abused, by application id: a reason to look, no proof.</summary>
internal static class KnownAbusedApps
{
    private static readonly FrozenDictionary<Guid, string> Reasons = Load();

    /// <returns>Why and by whom it was reported; null when it was not.</returns>
    public static string? ReasonFor(Guid? appId) => appId is { } id ? Reasons.GetValueOrDefault(id) : null;

    private static FrozenDictionary<Guid, string> Load()
    {
        using var file = JsonDocument.Parse(EmbeddedData.Bytes("known-abused-apps.json"));
        var reasons = new Dictionary<Guid, string>();
        foreach (var app in file.RootElement.GetProperty("apps").EnumerateArray())
        {
            reasons.TryAdd(app.GetProperty("appId").GetGuid(), $"{app.GetProperty("why").GetString()} ({app.GetProperty("source").GetString()})");
        }

        return reasons.ToFrozenDictionary();
    }
}
