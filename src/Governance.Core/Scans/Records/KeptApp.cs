using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Records;

/// <summary>An app as it is kept: permissions once, and of each rating what cannot be looked up again.</summary>
/// <param name="App">Without its rated permissions.</param>
/// <param name="Held">Permissions the ratings are of; null when they are those of the app, in their order.</param>
/// <param name="Ratings">One for each permission.</param>
internal sealed record KeptApp(AssessedApp App, ImmutableArray<HeldPermission>? Held, ImmutableArray<KeptRating> Ratings)
{
    public static KeptApp Of(AssessedApp app)
    {
        var held = app.Permissions.Select(permission => permission.Held);
        return new KeptApp(
            app with { Permissions = [] },
            held.SequenceEqual(app.App.Permissions) ? null : [.. held],
            [.. app.Permissions.Select(KeptRating.Of)]);
    }

    /// <exception cref="RecordDamagedException">There are more or fewer ratings than permissions.</exception>
    public AssessedApp ToApp(string record)
    {
        var held = Held ?? App.App.Permissions;
        return held.Length == Ratings.Length
            ? App with { Permissions = [.. held.Zip(Ratings, (permission, rating) => new RatedPermission(permission, rating.Of(permission)))] }
            : throw new RecordDamagedException(record, $"it has {Ratings.Length} ratings for {held.Length} permissions");
    }
}

/// <summary>A rating as it was given.</summary>
/// <param name="Reason">Null when it is that of the permission table.</param>
internal sealed record KeptRating(
    bool Rated, Severity Severity, ImmutableArray<DataCategory> Categories, bool Writes, bool TenantWide, string? Resource, string? Reason)
{
    private const string Earlier = "Rated by an earlier permission table.";

    public static KeptRating Of(RatedPermission permission)
    {
        var rating = permission.Rating;
        var reason = PermissionTable.BuiltIn.Rate(permission.Held).Rating.Reason == rating.Reason ? null : rating.Reason;
        return new KeptRating(rating.Rated, rating.Severity, rating.Categories, rating.Writes, rating.TenantWide, rating.Resource, reason);
    }

    /// <returns>The table's own rating where nothing differs, so that many apps share it.</returns>
    public PermissionRating Of(HeldPermission held)
    {
        var listed = PermissionTable.BuiltIn.Rate(held).Rating;
        var same = Rated == listed.Rated && Severity == listed.Severity && Writes == listed.Writes && TenantWide == listed.TenantWide
            && Resource == listed.Resource && Categories.SequenceEqual(listed.Categories);
        return same && Reason is null
            ? listed
            : new PermissionRating(Rated, Severity, Categories, Writes, Reason ?? (same ? listed.Reason : Earlier)) { TenantWide = TenantWide, Resource = Resource };
    }
}
