using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Risk;

namespace Governance.Core.Scans.Records;

/// <summary>An app as it is kept: permissions once and close together, and of each rating what cannot be looked up again.</summary>
/// <param name="App">Without its permissions.</param>
/// <param name="Permissions">Permissions of the app, in order.</param>
/// <param name="Held">Permissions the ratings are of; null when they are those of the app, in their order.</param>
/// <param name="Ratings">Each distinct rating once.</param>
/// <param name="RatingOf">For each permission rated the place of its rating.</param>
internal sealed record KeptApp(
    AssessedApp App, ImmutableArray<KeptPermissions> Permissions, ImmutableArray<KeptPermissions>? Held, ImmutableArray<KeptRating> Ratings, ImmutableArray<int> RatingOf)
{
    public static KeptApp Of(AssessedApp app)
    {
        var held = app.Permissions.Select(permission => permission.Held);
        var ratings = ImmutableArray.CreateBuilder<KeptRating>();
        var places = ImmutableArray.CreateBuilder<int>(app.Permissions.Length);
        foreach (var permission in app.Permissions)
        {
            var rating = KeptRating.Of(permission);
            var place = 0;
            while (place < ratings.Count && !ratings[place].Same(rating))
            {
                place++;
            }

            if (place == ratings.Count)
            {
                ratings.Add(rating);
            }

            places.Add(place);
        }

        return new KeptApp(
            app with { App = app.App with { Permissions = [] }, Permissions = [] },
            KeptPermissions.Of(app.App.Permissions),
            held.SequenceEqual(app.App.Permissions) ? null : KeptPermissions.Of(held),
            ratings.ToImmutable(),
            places.MoveToImmutable());
    }

    /// <exception cref="RecordDamagedException">There are more or fewer ratings than permissions, or one is missing.</exception>
    public AssessedApp ToApp(string record)
    {
        var permissions = KeptPermissions.Expand(Permissions, record);
        var held = Held is { } other ? KeptPermissions.Expand(other, record) : permissions;
        if (held.Length != RatingOf.Length || RatingOf.Any(place => place < 0 || place >= Ratings.Length))
        {
            throw new RecordDamagedException(record, $"it has {RatingOf.Length} ratings for {held.Length} permissions");
        }

        var rated = ImmutableArray.CreateBuilder<RatedPermission>(held.Length);
        for (var at = 0; at < held.Length; at++)
        {
            rated.Add(Shared<RatedPermission>.Of(new RatedPermission(held[at], Ratings[RatingOf[at]].Of(held[at]))));
        }

        return App with
        {
            App = App.App with { Permissions = permissions },
            Permissions = rated.MoveToImmutable(),
            Risk = App.Risk with { Contributions = [.. App.Risk.Contributions.Select(Shared<RiskContribution>.Of)] },
        };
    }
}
