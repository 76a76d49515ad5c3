using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>GET on the directory: service principals, grants, assignments, users, groups.</summary>
internal static class DirectoryReads
{
    /// <returns>Null when the path is not one of these.</returns>
    public static Reply? Answer(GraphCall call, SimulatorOptions options)
    {
        var state = call.State;
        RefuseUnmodelledOptions(call);
        return call.Segments switch
        {
            ["servicePrincipals"] => ListPages.Page(
                call, state.ServicePrincipals, Shapes.ServicePrincipal, "servicePrincipals", keep: RowFilters.ServicePrincipals(call)),
            ["servicePrincipals", "$count"] => Count(call, state.ServicePrincipals.Rows(), RowFilters.ServicePrincipals(call)),
            ["servicePrincipals", "microsoft.graph.agentIdentity"] when ListPages.PageSize(call, byDefault: 100, most: 100) <= 100 => ListPages.Page(
                call, state.ServicePrincipals, Shapes.ServicePrincipal, "servicePrincipals/microsoft.graph.agentIdentity",
                keep: row => row.AgentBlueprintId is not null),
            ["oauth2PermissionGrants"] => Grants(call, options),
            ["oauth2PermissionGrants", var id] => One(
                call, Shapes.Grant, "oauth2PermissionGrants", GrantId.Decode(id) is { } key && state.Grants.TryFind(key, out var grant) ? grant : throw GraphException.NotFound(id)),
            ["users"] => ListPages.Page(call, state.Users, Shapes.User, "users", keep: RowFilters.Users(call)),
            ["users", "$count"] => Count(call, state.Users.Rows(), RowFilters.Users(call)),
            ["users", var id] => One(call, Shapes.User, "users", FindUser(state, id)),
            ["users", var id, "oauth2PermissionGrants"] => GrantsOfUser(call, FindUser(state, id).Id),
            ["groups"] => ListPages.Page(call, state.Groups, GroupShape, "groups"),
            ["groups", var id] => One(call, GroupShape, "groups", FindGroup(state, id)),
            ["groups", var id, "members" or "transitiveMembers"] => Members(call, FindGroup(state, id)),
            ["servicePrincipals", "delta"] or ["oauth2PermissionGrants", "delta"] or ["users", "delta"] => null,
            [var first] when first.StartsWith("servicePrincipals(", StringComparison.Ordinal) => One(
                call, Shapes.ServicePrincipal, "servicePrincipals", FindServicePrincipal(state, first)),
            ["servicePrincipals", var id] => One(call, Shapes.ServicePrincipal, "servicePrincipals", FindServicePrincipal(state, id)),
            ["servicePrincipals", var id, var navigation] => Navigate(call, options, FindServicePrincipal(state, id), navigation),
            [var first, var navigation] when first.StartsWith("servicePrincipals(", StringComparison.Ordinal) =>
                Navigate(call, options, FindServicePrincipal(state, first), navigation),
            _ => null,
        };
    }

    public static SimulatedServicePrincipal FindServicePrincipal(TenantState state, string idOrKey)
    {
        if (Guid.TryParse(idOrKey, out var id))
        {
            return state.ServicePrincipals.TryFind(id, out var found) ? found : throw GraphException.NotFound(idOrKey);
        }

        var parts = idOrKey.Split('\'');
        return parts.Length == 3 && parts[0] == "servicePrincipals(appId=" && Guid.TryParse(parts[1], out var appId)
            ? state.ServicePrincipals.Rows().FirstOrDefault(row => row.AppId == appId) ?? throw GraphException.NotFound(parts[1])
            : throw GraphException.BadRequest($"Invalid object identifier '{idOrKey}'.");
    }

    public static SimulatedGroup FindGroup(TenantState state, string id) =>
        Guid.TryParse(id, out var key) && state.Groups.FirstOrDefault(group => group.Id == key) is { } found ? found : throw GraphException.NotFound(id);

    public static readonly RowShape<SimulatedGroup> GroupShape = new("microsoft.graph.group",
    [
        new("id", (json, name, row) => json.WriteString(name, row.Id)),
        new("displayName", (json, name, row) => json.WriteString(name, row.DisplayName)),
        new("securityEnabled", (json, name, _) => json.WriteBoolean(name, true)),
        new("groupTypes", (json, name, _) => { json.WriteStartArray(name); json.WriteEndArray(); }),
    ]);

    private static SimulatedUser FindUser(TenantState state, string id)
    {
        var found = Guid.TryParse(id, out var key)
            ? state.Users.TryFind(key, out var user) ? user : null
            : state.Users.Rows().FirstOrDefault(row => string.Equals(row.UserPrincipalName, id, StringComparison.OrdinalIgnoreCase));
        return found ?? throw GraphException.NotFound(id);
    }

    private static PageReply Grants(GraphCall call, SimulatorOptions options)
    {
        var keep = RowFilters.Grants(call);
        var client = RowFilters.OnlyClient(call);
        var loses = options.LosesRows && client is null;
        return ListPages.Page(
            call, call.State.Grants, Shapes.Grant, "oauth2PermissionGrants", client, keep,
            loses ? LostRows.Shown(call.State.Seed, call.Eventual, ListPages.PageSize(call)) : null);
    }

    /// <summary>The grants a user gave; consent for everyone is not among them.</summary>
    private static PageReply GrantsOfUser(GraphCall call, Guid user) =>
        ListPages.Page(call, call.State.Grants, Shapes.Grant, "oauth2PermissionGrants", keep: row => row.PrincipalId == user);

    private static PageReply? Navigate(GraphCall call, SimulatorOptions options, SimulatedServicePrincipal app, string navigation)
    {
        var state = call.State;
        var hides = options.LosesRows && ListPages.PageSize(call) < ListPages.MaxPageSize;
        return navigation switch
        {
            "appRoleAssignedTo" => ListPages.Page(
                call, state.Assignments, Shapes.Assignment, $"servicePrincipals('{app.Id}')/appRoleAssignedTo", app.Id,
                shown: hides ? row => !IsManagedIdentity(state, row.PrincipalId) : null),
            "appRoleAssignments" => ListPages.Page(
                call, state.Assignments, Shapes.Assignment, $"servicePrincipals('{app.Id}')/appRoleAssignments", keep: row => row.PrincipalId == app.Id),
            "oauth2PermissionGrants" => ListPages.Page(call, state.Grants, Shapes.Grant, "oauth2PermissionGrants", app.Id),
            _ => null,
        };
    }

    private static bool IsManagedIdentity(TenantState state, Guid id) =>
        state.ServicePrincipals.TryFind(id, out var app) && app.Type == "ManagedIdentity";

    private static PageReply Members(GraphCall call, SimulatedGroup group)
    {
        var users = group.Members.Where(id => call.State.Users.TryFind(id, out _)).Select(id => FindUser(call.State, id.ToString())).ToList();
        return ListPages.Page(call, users, TypedUser, "directoryObjects");
    }

    /// <summary>A user inside a collection of mixed types.</summary>
    public static readonly RowShape<SimulatedUser> TypedUser = Shapes.User.With((json, _) => json.WriteString("@odata.type", "#microsoft.graph.user"));

    private static Reply One<TRow>(GraphCall call, RowShape<TRow> shape, string context, TRow row)
    {
        var write = shape.Writer(call.Option("select"), $"{call.Root}/$metadata#{context}/$entity");
        return new Reply { Body = json => write(json, row) };
    }

    private static Reply Count<TRow>(GraphCall call, IEnumerable<TRow> rows, Func<TRow, bool>? keep) => call.Eventual
        ? new Reply { Text = rows.LongCount(keep ?? (_ => true)).ToString() }
        : throw GraphException.BadRequest("$count is not currently supported without the header ConsistencyLevel: eventual.");

    private static void RefuseUnmodelledOptions(GraphCall call)
    {
        foreach (var name in call.OptionNames)
        {
            if (name is "skip" or "expand" or "search" or "orderby")
            {
                throw GraphException.Unsupported($"'${name}' is not supported by the service for this resource.");
            }
        }
    }
}
