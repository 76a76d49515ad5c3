using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.State.Contract;

/// <summary>What a record holds, down to the last field, as text that can be compared and read in a failure.</summary>
public static class Plain
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() },
    };

    public static string Of(TenantState? state) => Text(state is null ? null : new
    {
        state.LastScan,
        state.Apps,
        Comparers = state.Apps.Select(app => app.App.Reach.ByDepartment.KeyComparer == StringComparer.Ordinal),
        state.Findings,
        FirstSeen = state.FirstSeen.OrderBy(seen => seen.Key).Select(seen => $"{seen.Key} {seen.Value:O}"),
        state.Kpis,
        state.PolicyText,
    });

    public static string Of(Inventory? inventory) => Text(inventory is null ? null : new
    {
        inventory.Organization,
        inventory.ReadAt,
        inventory.ServicePrincipals,
        Clients = inventory.Grants.Clients.ToArray(),
        Resources = inventory.Grants.Resources.ToArray(),
        Principals = inventory.Grants.Principals.ToArray(),
        Scopes = inventory.Grants.Scopes.ToArray(),
        Grants = inventory.Grants.All(),
        Assignments = inventory.Assignments.All.ToArray(),
        Departments = inventory.Users.Departments.ToArray(),
        Users = Enumerable.Range(0, inventory.Users.Count).Select(row => inventory.Users[row]),
        inventory.ConsentEvents,
        inventory.ConsentRequests,
        inventory.SignIns,
        TrainedUsers = inventory.TrainedUsers?.Order(),
        inventory.UserConsent,
        inventory.Cursors,
        inventory.Parts,
    });

    public static string Of<T>(IEnumerable<T> rows) => Text(rows);

    private static string Text(object? value) => JsonSerializer.Serialize(value, Indented);
}
