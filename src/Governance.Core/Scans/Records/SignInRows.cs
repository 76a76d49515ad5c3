using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Sign-in activities of a chunk, one after another.</summary>
internal static class SignInRows
{
    public static void Write(ChunkWriter to, ImmutableArray<SignInActivity> activities, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            to.OwnGuid(activities[row].AppId);
            to.Time(activities[row].DelegatedAt);
            to.Time(activities[row].ApplicationAt);
        }
    }

    public static void Read(ref ChunkReader from, ICollection<SignInActivity> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            to.Add(new SignInActivity(from.OwnGuid(), from.Time(), from.Time()));
        }
    }
}
