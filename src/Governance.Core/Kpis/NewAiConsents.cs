using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Kpis;

internal sealed class NewAiConsents : IKpi
{
    public string Id => "new-ai-consents";

    public string Unit => "count";

    public int DefinitionVersion => 1;

    public bool LowerIsBetter => true;

    public string Definition =>
        "Consents to AI tools in the last 30 days that widened access, as the audit log tells them; without the log, AI tools first seen in these days. The part 'usual' is the same number for the 30 days before, or a third of the 90 days before.";

    public string Owner => "marketing";

    public ImmutableArray<InventoryPart> RestsOn => [InventoryPart.ServicePrincipals, InventoryPart.Oauth2PermissionGrants, InventoryPart.AppRoleAssignments];

    private const int Days = 30;
    private const int DaysBefore = 90;

    public KpiReading Measure(KpiContext context) =>
        context.Part(InventoryPart.ConsentEvents).Status is PartStatus.Complete or PartStatus.Partial ? FromEvents(context) : FromFirstSeen(context);

    private static KpiReading FromEvents(KpiContext context)
    {
        var tools = context.AiInUse.Select(app => app.Id).ToHashSet();
        var acts = context.Inventory.ConsentEvents
            .Where(change => change.ClientId is { } client && tools.Contains(client) && Widens(change))
            .GroupBy(change => (change.ClientId, Act: change.CorrelationId?.ToString() ?? change.Id))
            .Select(act => act.Min(change => change.At))
            .ToArray();
        var begin = context.AsOf.AddDays(-Days);
        var future = acts.Count(at => at > context.AsOf);
        var usual = acts.Count(at => at >= begin.AddDays(-Days) && at < begin);
        var whole = context.Part(InventoryPart.ConsentEvents).Complete;
        return new KpiReading(acts.Count(at => at >= begin && at <= context.AsOf), acts.Length)
        {
            Whole = whole,
            Note = !whole ? "the audit log was not read whole"
                : future > 0 ? FormattableString.Invariant($"{future} left out: dated in the future")
                : null,

            // The log keeps 7 to 30 days; without older entries nothing is known of what is usual.
            Parts = usual > 0 ? [new("usual", usual)] : [],
        };
    }

    /// <summary>An act that adds scopes, or a first consent, for which the log may list none.</summary>
    private static bool Widens(ConsentEvent change) =>
        !change.AddedScopes.IsEmpty || (change.RemovedScopes.IsEmpty && change.Activity.StartsWith("Consent to application", StringComparison.OrdinalIgnoreCase));

    private static KpiReading FromFirstSeen(KpiContext context)
    {
        if (context.WatchedSince >= context.AsOf)
        {
            return KpiReading.NotAvailable("first scan without the audit log: nothing tells what is new");
        }

        var begin = context.AsOf.AddDays(-Days);
        var arrived = context.AiInUse.Where(app => app.FirstSeen > context.WatchedSince).Select(app => app.FirstSeen).ToArray();
        var usual = arrived.Count(at => at >= begin.AddDays(-DaysBefore) && at < begin) * (decimal)Days / DaysBefore;
        var watchedLong = context.WatchedSince <= begin.AddDays(-DaysBefore);
        return new KpiReading(arrived.Count(at => at >= begin), context.AiInUse.Length, "counted from first sightings: the audit log was not read")
        {
            Whole = context.Part(InventoryPart.ConsentEvents).Status == PartStatus.Skipped,
            Parts = watchedLong ? [new("usual", decimal.Round(usual, 1, MidpointRounding.AwayFromZero))] : [],
        };
    }
}
