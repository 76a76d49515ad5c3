using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class TimeToDetect : IKpi
{
    public string Id => "time-to-detect";

    public string Unit => "hours";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Median hours from the first consent to an AI tool (from the audit log, else the day the app came to the tenant) to the first scan that saw it; tools older than the first scan of the tenant are left out.";

    public string Owner => "security";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    public KpiReading Measure(KpiContext context)
    {
        var consents = context.Inventory.ConsentEvents
            .Where(change => change.ClientId is not null)
            .GroupBy(change => change.ClientId!.Value)
            .ToDictionary(changes => changes.Key, changes => changes.Min(change => change.At));
        var durations = new List<TimeSpan>();
        var leftOut = 0;
        foreach (var app in context.AiInUse)
        {
            // The app's own date comes first in time; the log may show only a later consent of it.
            var began = app.App.Principal.CreatedAt ?? (consents.TryGetValue(app.Id, out var consented) ? consented : null);
            if (began is null)
            {
                leftOut++;
            }
            else if (began < context.WatchedSince)
            {
                continue;
            }
            else if (began > app.FirstSeen)
            {
                leftOut++;
            }
            else
            {
                durations.Add(app.FirstSeen - began.Value);
            }
        }

        return Percentiles.Reading(durations, leftOut, "no AI tool came since the tenant is watched");
    }
}
