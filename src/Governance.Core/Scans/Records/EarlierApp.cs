using System.Collections.Immutable;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Records;

/// <summary>An app as versions before <see cref="KeptApp"/> grouped permissions kept it; the next scan writes it anew.</summary>
/// <param name="App">With its permissions, but without their ratings.</param>
/// <param name="Held">Permissions the ratings are of; null when they are those of the app, in their order.</param>
/// <param name="Ratings">One for each permission.</param>
internal sealed record EarlierApp(AssessedApp App, ImmutableArray<HeldPermission>? Held, ImmutableArray<EarlierRating> Ratings)
{
    /// <summary>True for a record in this form: only the later one says which rating is whose.</summary>
    /// <remarks>A text of the tenant cannot pass for the name of a field, because its quotes are escaped.</remarks>
    public static bool Is(ReadOnlySpan<byte> body) => body.LastIndexOf("\"ratingOf\":"u8) < 0;

    /// <exception cref="RecordDamagedException">There are more or fewer ratings than permissions.</exception>
    public AssessedApp ToApp(string record)
    {
        var held = Held ?? App.App.Permissions;
        return held.Length == Ratings.Length
            ? App with { Permissions = [.. held.Zip(Ratings, (permission, rating) => new RatedPermission(permission, rating.Now.Of(permission)))] }
            : throw new RecordDamagedException(record, $"it has {Ratings.Length} ratings for {held.Length} permissions");
    }
}

/// <inheritdoc cref="KeptRating"/>
internal sealed record EarlierRating(
    bool Rated, Severity Severity, ImmutableArray<DataCategory> Categories, bool Writes, bool TenantWide, string? Resource, string? Reason)
{
    public KeptRating Now => new(Severity, Categories, !Rated, Writes, TenantWide, Resource, Reason);
}
