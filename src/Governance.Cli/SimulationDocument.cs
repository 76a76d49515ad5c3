using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.Core.Scans.Decisions;

namespace Governance.Cli;

/// <summary>What a simulation gave, as JSON.</summary>
internal static class SimulationDocument
{
    public static void Write(Stream stream, string from, string to, ImmutableArray<StandingChange> changes)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("fromPolicy", from);
        json.WriteString("toPolicy", to);
        json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("servicePrincipalId", change.App.Id);
            json.WriteString("displayName", change.App.App.Principal.Name);
            json.WriteNumber("users", change.App.App.Reach.Users);
            json.WriteString("from", ContractNames.Of(change.From.State));
            json.WriteString("fromReason", change.From.Reason);
            json.WriteString("to", ContractNames.Of(change.To.State));
            json.WriteString("toReason", change.To.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
