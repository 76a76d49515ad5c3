using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Consent requests of a chunk, one after another.</summary>
internal static class ConsentRequestRows
{
    public static void Write(ChunkWriter to, ImmutableArray<ConsentRequest> requests, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            var request = requests[row];
            to.Text(request.Id);
            to.OwnGuid(request.AppId);
            to.Text(request.AppDisplayName);
            to.Texts(request.PendingScopes);
            to.Time(request.OldestPendingAt);
            to.Count(request.Pending is { } pending ? checked(pending + 1) : 0);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<ConsentRequest> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            to.Add(new ConsentRequest(
                from.NeededText(),
                from.OwnGuid(),
                from.NeededText(),
                from.Texts(),
                from.Time(),
                from.Count() is var pending && pending == 0 ? null : pending - 1));
        }
    }
}
