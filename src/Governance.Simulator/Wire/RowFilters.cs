using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>What each collection can be filtered by.</summary>
internal static class RowFilters
{
    public static Func<SimulatedServicePrincipal, bool>? ServicePrincipals(GraphCall call) => Filter<SimulatedServicePrincipal>(call, name => name switch
    {
        "id" => row => row.Id.ToString(),
        "appid" => row => row.AppId?.ToString(),
        "displayname" => row => row.DisplayName,
        "serviceprincipaltype" => row => row.Type,
        "accountenabled" => row => row.AccountEnabled ? "true" : "false",
        "appownerorganizationid" => row => row.OwnerTenantId?.ToString(),
        _ => null,
    });

    public static Func<SimulatedUser, bool>? Users(GraphCall call) => Filter<SimulatedUser>(call, name => name switch
    {
        "id" => row => row.Id.ToString(),
        "userprincipalname" => row => row.UserPrincipalName,
        "displayname" => row => row.DisplayName,
        "mail" => row => row.Mail,
        "department" => row => row.Department,
        "accountenabled" => row => row.AccountEnabled ? "true" : "false",
        "usertype" => row => row.UserType,
        "country" => row => row.Country,
        _ => null,
    });

    /// <summary>Grants can be filtered by these four; <c>scope</c> and <c>id</c> are refused.</summary>
    public static Func<SimulatedGrant, bool>? Grants(GraphCall call) => Filter<SimulatedGrant>(call, name => name switch
    {
        "clientid" => row => row.ClientId.ToString(),
        "resourceid" => row => row.ResourceId.ToString(),
        "principalid" => row => row.PrincipalId?.ToString(),
        "consenttype" => row => row.PrincipalId is null ? "AllPrincipals" : "Principal",
        _ => null,
    });

    public static Func<SimulatedAuditEvent, bool>? AuditEvents(GraphCall call) => Filter<SimulatedAuditEvent>(call, name => name switch
    {
        "activitydatetime" => row => row.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff"),
        "activitydisplayname" => row => row.Activity,
        "loggedbyservice" => _ => "Core Directory",
        "category" => _ => "ApplicationManagement",
        "correlationid" => row => row.CorrelationId.ToString(),
        "initiatedby/user/id" => row => row.Actor.Id.ToString(),
        _ => null,
    });

    /// <returns>The client when the filter names exactly one, so that its rows can be found without looking at all.</returns>
    public static Guid? OnlyClient(GraphCall call) =>
        call.Option("filter") is { } text
        && RowFilter.Parse(text).FirstOrDefault(clause => clause is { Operator: "eq", Values.Count: 1 } && clause.Property.Equals("clientId", StringComparison.OrdinalIgnoreCase)) is { } only
        && Guid.TryParse(only.Values[0], out var client) ? client : null;

    private static Func<TRow, bool>? Filter<TRow>(GraphCall call, Func<string, Func<TRow, string?>?> property)
    {
        if (call.Option("filter") is not { } text)
        {
            return null;
        }

        var clauses = RowFilter.Parse(text).Select(clause => (
            Clause: clause,
            Value: property(clause.Property.ToLowerInvariant())
                ?? throw GraphException.Unsupported($"Unsupported or invalid query filter clause specified for property '{clause.Property}' of resource."))).ToArray();
        return row => Array.TrueForAll(clauses, item => item.Clause.Holds(item.Value(row)));
    }
}
