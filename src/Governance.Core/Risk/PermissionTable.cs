using System.Collections.Frozen;
using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Risk;

/// <summary>What each permission of each API opens and how much harm it could do.</summary>
/// <remarks>
/// Every name is listed: nothing is inherited from the beginning of a name. A permission that is not listed is unrated and
/// has the stated default severity of its kind.
/// </remarks>
public sealed class PermissionTable
{
    private static readonly Lazy<PermissionTable> Embedded = new(() => PermissionTableJson.ReadEmbedded());

    private readonly FrozenDictionary<(Guid Resource, PermissionKind Kind, string Value), PermissionRating> _ratings;
    private readonly FrozenDictionary<string, PermissionRating> _anywhere;
    private readonly ImmutableDictionary<PermissionKind, PermissionRating> _unrated;

    internal PermissionTable(
        string version,
        IReadOnlyDictionary<(Guid Resource, PermissionKind Kind, string Value), PermissionRating> ratings,
        IReadOnlyDictionary<string, PermissionRating> anywhere,
        Severity unratedDelegated,
        Severity unratedApplication)
    {
        Version = version;
        _ratings = ratings.ToFrozenDictionary(new KeyComparer());
        _anywhere = anywhere.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _unrated = ImmutableDictionary<PermissionKind, PermissionRating>.Empty
            .Add(PermissionKind.Delegated, Unrated(unratedDelegated, "delegated"))
            .Add(PermissionKind.Application, Unrated(unratedApplication, "application") with { TenantWide = true });
    }

    /// <summary>The table that comes with the program.</summary>
    public static PermissionTable BuiltIn => Embedded.Value;

    /// <summary>Grows with every change of the data.</summary>
    public string Version { get; }

    /// <summary>Distinct permissions listed, each resource, kind and value once; ids left out.</summary>
    public int Count => _ratings.Keys.Count(key => !Guid.TryParse(key.Value, out _));

    /// <summary>Every permission value that is listed, on whatever API, in any case.</summary>
    public IReadOnlySet<string> Values => _ratings.Keys.Select(key => key.Value).Where(value => !Guid.TryParse(value, out _)).Concat(_anywhere.Keys).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rates a permission by resource, kind, and value or id, without regard to case.</summary>
    /// <param name="resourceAppId">Null when the API is unknown: only permissions that mean the same on every API are then rated.</param>
    public PermissionRating Rate(Guid? resourceAppId, PermissionKind kind, string value)
    {
        if (resourceAppId is { } resource && _ratings.TryGetValue((resource, kind, value), out var rating))
        {
            return rating;
        }

        return kind == PermissionKind.Delegated && _anywhere.TryGetValue(value, out var shared) ? shared : _unrated[kind];
    }

    public RatedPermission Rate(HeldPermission held) => new(held, Rate(held.ResourceAppId, held.Kind, held.Value));

    /// <summary>Everything an app holds, rated, in the same order.</summary>
    public ImmutableArray<RatedPermission> Rate(ConsentedApp app) => [.. app.Permissions.Select(Rate)];

    private static PermissionRating Unrated(Severity severity, string kind) => new(
        false,
        severity,
        [],
        true,
        $"Not in the permission table; counted as {severity.ToString().ToLowerInvariant()}, the default for an unrated {kind} permission.");

    internal sealed class KeyComparer : IEqualityComparer<(Guid Resource, PermissionKind Kind, string Value)>
    {
        public bool Equals((Guid Resource, PermissionKind Kind, string Value) x, (Guid Resource, PermissionKind Kind, string Value) y) =>
            x.Resource == y.Resource && x.Kind == y.Kind && string.Equals(x.Value, y.Value, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((Guid Resource, PermissionKind Kind, string Value) key) =>
            HashCode.Combine(key.Resource, key.Kind, string.GetHashCode(key.Value, StringComparison.OrdinalIgnoreCase));
    }
}
