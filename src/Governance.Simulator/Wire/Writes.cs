using System.Text.Json;
using Governance.Simulator.Tenants;

namespace Governance.Simulator.Wire;

/// <summary>Requests that change the tenant: what a revocation and its undo need.</summary>
internal sealed class Writes(SimulatedTenant tenant, SimulatorOptions options)
{
    private const int LongestScope = 3_850;

    /// <returns>Null when the request is not one of these.</returns>
    public Reply? Answer(GraphCall call) => (call.Method, call.Segments) switch
    {
        ("DELETE", ["oauth2PermissionGrants", var id]) => DeleteGrant(id),
        ("PATCH", ["oauth2PermissionGrants", var id]) => PatchGrant(call, id),
        ("POST", ["oauth2PermissionGrants"]) => PostGrant(call),
        ("DELETE", ["servicePrincipals", var parent, "appRoleAssignedTo", var id]) => DeleteAssignment(parent, id, row => row.ResourceId),
        ("DELETE", ["servicePrincipals", var parent, "appRoleAssignments", var id]) => DeleteAssignment(parent, id, row => row.PrincipalId),
        ("POST", ["servicePrincipals", var parent, "appRoleAssignedTo"]) => PostAssignment(call, parent, "resourceId"),
        ("POST", ["servicePrincipals", var parent, "appRoleAssignments"]) => PostAssignment(call, parent, "principalId"),
        ("PATCH", ["servicePrincipals", var id]) => PatchServicePrincipal(call, id),
        _ => null,
    };

    private Reply DeleteGrant(string id)
    {
        var key = GrantId.Decode(id) ?? throw GraphException.NotFound(id);
        tenant.Change(change =>
        {
            if (!change.State.Grants.TryFind(key, out var row))
            {
                throw GraphException.NotFound(id);
            }

            change.Remove(row);
        });
        return Reply.NoContent;
    }

    private Reply PatchGrant(GraphCall call, string id)
    {
        var key = GrantId.Decode(id) ?? throw GraphException.NotFound(id);
        var body = call.BodyObject();
        if (body.EnumerateObject().Any(property => property.Name != "scope"))
        {
            throw GraphException.BadRequest("Only the property 'scope' can be updated.");
        }

        var scope = Scope(body);
        tenant.Change(change =>
        {
            if (!change.State.Grants.TryFind(key, out var row))
            {
                throw GraphException.NotFound(id);
            }

            change.Put(row with { Scope = scope });
        });
        return Reply.NoContent;
    }

    private Reply PostGrant(GraphCall call)
    {
        var body = call.BodyObject();
        var client = Id(body, "clientId");
        var resource = Id(body, "resourceId");
        Guid? principal = Text(body, "consentType") switch
        {
            "AllPrincipals" => null,
            "Principal" => Id(body, "principalId"),
            _ => throw GraphException.BadRequest("Invalid value specified for property 'consentType' of resource 'OAuth2PermissionGrant'."),
        };
        var row = new SimulatedGrant(client, resource, principal, Scope(body));
        tenant.Change(change =>
        {
            var state = change.State;
            if (!state.ServicePrincipals.TryFind(client, out _) || !state.ServicePrincipals.TryFind(resource, out _)
                || (principal is { } user && !state.Users.TryFind(user, out _)))
            {
                throw GraphException.BadRequest("One or more of the referenced objects do not exist.");
            }

            if (state.Grants.TryFind(row.Key, out _))
            {
                throw GraphException.BadRequest("Permission entry already exists.");
            }

            change.Put(row);
        });
        var write = Shapes.Grant.Writer(null, $"{call.Root}/$metadata#oauth2PermissionGrants/$entity");
        return new Reply { Status = 201, Body = json => write(json, row) };
    }

    private Reply DeleteAssignment(string parent, string id, Func<SimulatedAssignment, Guid> parentOf)
    {
        var key = AssignmentId.Decode(id) ?? throw GraphException.NotFound(id);
        tenant.Change(change =>
        {
            // Under the wrong parent there is no such assignment.
            if (!change.State.Assignments.TryFind(key, out var row) || !string.Equals(parentOf(row).ToString(), parent, StringComparison.OrdinalIgnoreCase))
            {
                throw GraphException.NotFound(id);
            }

            change.Remove(row);
        });
        return Reply.NoContent;
    }

    private Reply PostAssignment(GraphCall call, string parent, string parentProperty)
    {
        var body = call.BodyObject();
        var principal = Id(body, "principalId");
        var resource = Id(body, "resourceId");
        var role = Id(body, "appRoleId");
        if (!string.Equals(Id(body, parentProperty).ToString(), parent, StringComparison.OrdinalIgnoreCase))
        {
            throw GraphException.BadRequest($"'{parentProperty}' does not match the object in the path.");
        }

        SimulatedAssignment? row = null;
        tenant.Change(change =>
        {
            var state = change.State;
            if (!state.ServicePrincipals.TryFind(resource, out var api))
            {
                throw GraphException.NotFound(resource.ToString());
            }

            if (role != Guid.Empty && api.AppRoles.All(definition => definition.Id != role))
            {
                throw GraphException.BadRequest("Permission being assigned was not found on application.");
            }

            if (state.Assignments.Rows(resource).Any(existing => existing.PrincipalId == principal && existing.AppRoleId == role))
            {
                throw GraphException.BadRequest("Permission being assigned already exists on the object.");
            }

            var (type, name) = Holder(state, principal);
            var nonce = StableGuid.Create(state.Seed + 1, RowKind.Assignment, state.Assignments.Journal.Count);
            row = new SimulatedAssignment(principal, nonce, type, name, resource, api.DisplayName, role, options.TimeProvider.GetUtcNow());
            change.Put(row);
        });
        var write = Shapes.Assignment.Writer(null, $"{call.Root}/$metadata#appRoleAssignments/$entity");
        return new Reply { Status = 201, Body = json => write(json, row!) };
    }

    private Reply PatchServicePrincipal(GraphCall call, string id)
    {
        var body = call.BodyObject();
        if (body.EnumerateObject().Any(property => property.Name != "accountEnabled")
            || !body.TryGetProperty("accountEnabled", out var enabled)
            || enabled.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw GraphException.BadRequest("The simulator updates 'accountEnabled' alone.");
        }

        tenant.Change(change => change.Put(
            DirectoryReads.FindServicePrincipal(change.State, id) with { AccountEnabled = enabled.GetBoolean() }));
        return Reply.NoContent;
    }

    private static (string Type, string? Name) Holder(TenantState state, Guid id)
    {
        if (state.ServicePrincipals.TryFind(id, out var app))
        {
            return ("ServicePrincipal", app.DisplayName);
        }

        if (state.Users.TryFind(id, out var user))
        {
            return ("User", user.DisplayName);
        }

        return state.Groups.FirstOrDefault(group => group.Id == id) is { } found ? ("Group", found.DisplayName) : throw GraphException.NotFound(id.ToString());
    }

    private static string? Scope(JsonElement body)
    {
        var scope = Text(body, "scope");
        return scope?.Length > LongestScope
            ? throw GraphException.BadRequest($"Property scope value exceeds the maximum allowed length of {LongestScope}.")
            : scope;
    }

    private static string? Text(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw GraphException.BadRequest($"Property '{name}' must be a string.");
    }

    private static Guid Id(JsonElement body, string name) =>
        Guid.TryParse(Text(body, name), out var id) ? id : throw GraphException.BadRequest($"A valid GUID is required for property '{name}'.");
}
