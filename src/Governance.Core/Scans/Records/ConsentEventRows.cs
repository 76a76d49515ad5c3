using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Consent events of a chunk, one after another.</summary>
internal static class ConsentEventRows
{
    public static void Write(ChunkWriter to, ImmutableArray<ConsentEvent> events, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            var logged = events[row];
            to.Text(logged.Id);
            to.Time(logged.At);
            to.Text(logged.Activity);
            to.SharedGuid(logged.CorrelationId);
            to.SharedGuid(logged.ClientId);
            to.SharedGuid(logged.ActorId);
            to.Answer(logged.AdminConsent);
            to.Answer(logged.OnBehalfOfAll);
            to.Texts(logged.AddedScopes);
            to.Texts(logged.RemovedScopes);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<ConsentEvent> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            to.Add(new ConsentEvent(
                from.NeededText(),
                from.NeededTime(),
                from.NeededText(),
                from.SharedGuid(),
                from.SharedGuid(),
                from.SharedGuid(),
                from.Answer(),
                from.Answer(),
                from.Texts(),
                from.Texts()));
        }
    }
}
