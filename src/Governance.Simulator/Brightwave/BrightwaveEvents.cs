using System.Collections.Immutable;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Brightwave;

/// <summary>What the audit log and the sign-in report say of a night: derived from the difference between nights, so it always agrees with the consents.</summary>
internal static class BrightwaveEvents
{
    /// <summary>The audit log goes back thirty days: the four weeks up to the night.</summary>
    private const int WeeksKept = 4;

    public static ImmutableArray<SimulatedAuditEvent> Until(
        int night,
        ulong seed,
        DateTimeOffset start,
        ImmutableArray<AppPlan> apps,
        ImmutableArray<SimulatedServicePrincipal> resources,
        ImmutableArray<SimulatedUser> people,
        BrightwaveConsents consents)
    {
        var plans = apps.ToDictionary(app => app.Id);
        var apis = resources.ToDictionary(resource => resource.Id);
        var users = people.ToDictionary(person => person.Id);
        var events = new List<SimulatedAuditEvent>();
        for (var week = night - WeeksKept + 1; week <= night; week++)
        {
            var before = consents.On(week - 1).ToDictionary(grant => grant.Key, grant => grant.Scope);
            var after = consents.On(week).ToDictionary(grant => grant.Key, grant => grant.Scope);
            foreach (var key in before.Keys.Union(after.Keys))
            {
                var (old, now) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
                if (old != now && plans.TryGetValue(key.ClientId, out var plan) && apis.TryGetValue(key.ResourceId, out var resource))
                {
                    var actor = key.PrincipalId is { } id ? users[id] : people[5];
                    events.AddRange(Change(seed, start, week, key, plan.On(week, start, seed), resource, actor, old, now));
                }
            }
        }

        return [.. events.OrderByDescending(entry => entry.At).ThenBy(entry => entry.CorrelationId).ThenBy(entry => entry.Activity, StringComparer.Ordinal)];
    }

    public static ImmutableArray<SimulatedSignInActivity> SignIns(int night, ulong seed, DateTimeOffset start, ImmutableArray<AppPlan> apps)
    {
        var now = start.AddDays(7 * night);
        return
        [
            .. apps.Where(app => app.AppId is not null && app.ExistsOn(night)).Select(app =>
            {
                var hash = Hash.Mix(seed, app.Name + app.Host);
                var used = app.UsersOn(night) > 0 || app.TenantWide;
                DateTimeOffset? delegated = !used ? null : app.Dormant ? start.AddDays(-120 - Hash.Below(hash, 90)) : now.AddMinutes(-Hash.Below(Hash.Mix(hash + (ulong)night), 6 * 24 * 60));
                DateTimeOffset? own = app.GraphRoles.IsEmpty && app.ExchangeRoles.IsEmpty ? null : now.AddMinutes(-Hash.Below(Hash.Mix(hash + 7), 2 * 24 * 60));
                return new SimulatedSignInActivity(app.AppId!.Value, delegated, own);
            }),
        ];
    }

    /// <summary>A first consent gives an event for the app and one for the grant; a widening gives three, one of them misnamed; a removal gives one.</summary>
    private static IEnumerable<SimulatedAuditEvent> Change(
        ulong seed,
        DateTimeOffset start,
        int week,
        GrantKey key,
        SimulatedServicePrincipal client,
        SimulatedServicePrincipal resource,
        SimulatedUser actor,
        string? old,
        string? now)
    {
        var id = GrantId.Encode(key);
        var correlation = StableGuid.Named(seed, RowKind.AuditEvent, id + week);
        var at = start.AddDays(7 * week).AddMilliseconds(-1 - (long)(Hash.Fraction(Hash.Mix(seed, id + week)) * 6.9 * 86_400_000));
        if (old is null)
        {
            yield return Event("Consent to application", 0, null, now);
            yield return Event("Add delegated permission grant", 4, null, now);
            if (key.PrincipalId is not null)
            {
                yield return Event("Add app role assignment grant to user", 9, null, null);
            }
        }
        else if (now is null)
        {
            yield return Event("Remove delegated permission grant", 0, old, null);
        }
        else
        {
            // The consent event shows the old scopes on both sides, and the event named removal reports the growth.
            yield return Event("Consent to application", 0, old, old);
            yield return Event("Add delegated permission grant", 6, old, now);
            yield return Event("Remove delegated permission grant", 13, old, now);
        }

        SimulatedAuditEvent Event(string activity, int milliseconds, string? from, string? to) =>
            new(correlation, activity, at.AddMilliseconds(milliseconds), client, resource, actor, key.PrincipalId, from, to);
    }
}
