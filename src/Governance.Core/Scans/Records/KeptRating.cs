using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Governance.Core.Consents;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Records;

/// <summary>A rating as it was given.</summary>
/// <param name="Resource">Null when the table did not know the API.</param>
/// <param name="Reason">Null when it is that of the permission table.</param>
internal sealed record KeptRating(
    Severity Severity,
    ImmutableArray<DataCategory> Categories,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Unrated = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Writes = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TenantWide = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Resource = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Reason = null)
{
    private const string Earlier = "Rated by an earlier permission table.";

    public static KeptRating Of(RatedPermission permission)
    {
        var (held, rating) = permission;
        return new KeptRating(
            rating.Severity, rating.Categories, !rating.Rated, rating.Writes, rating.TenantWide, rating.Resource, InTable(held).Reason == rating.Reason ? null : rating.Reason);
    }

    /// <summary>True for a rating with the same content.</summary>
    public bool Same(KeptRating other) =>
        Severity == other.Severity && Unrated == other.Unrated && Writes == other.Writes && TenantWide == other.TenantWide
        && Resource == other.Resource && Reason == other.Reason && Categories.AsSpan().SequenceEqual(other.Categories.AsSpan());

    /// <returns>The table's own rating where nothing differs, so that many apps share it.</returns>
    public PermissionRating Of(HeldPermission held)
    {
        var listed = InTable(held);
        var same = Unrated == !listed.Rated && Severity == listed.Severity && Writes == listed.Writes && TenantWide == listed.TenantWide
            && Resource == listed.Resource && Categories.SequenceEqual(listed.Categories);
        return same && Reason is null
            ? listed
            : new PermissionRating(!Unrated, Severity, Categories, Writes, Reason ?? (same ? listed.Reason : Earlier)) { TenantWide = TenantWide, Resource = Resource };
    }

    private static PermissionRating InTable(HeldPermission held) => PermissionTable.BuiltIn.Rate(held.ResourceAppId, held.Kind, held.Value);
}
