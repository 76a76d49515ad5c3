using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Scans.Records;

/// <summary>Agent identities of a chunk, one after another.</summary>
internal static class AgentIdentityRows
{
    public static void Write(ChunkWriter to, ImmutableArray<AgentIdentity> agents, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            to.OwnGuid(agents[row].Id);
            to.Text(agents[row].BlueprintId?.ToString("N"));
            to.Text(agents[row].CreatedByAppId?.ToString("N"));
        }
    }

    public static void Read(ref ChunkReader from, ICollection<AgentIdentity> to)
    {
        for (var row = 0; row < from.Rows; row++)
        {
            to.Add(new AgentIdentity(from.OwnGuid(), Id(from.Text()), Id(from.Text())));
        }
    }

    private static Guid? Id(string? text) => text is null ? null : Guid.Parse(text);
}
