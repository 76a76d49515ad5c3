namespace Governance.Simulator.Wire;

/// <summary>Resource units of a request, from the documented table: base cost by path, one less with <c>$select</c>, one less below <c>$top=20</c>, never under one.</summary>
internal static class Cost
{
    public static int Of(GraphCall call)
    {
        var units = call.Method != "GET" && call.Segments is not ["directoryObjects", "getByIds"] ? 1 : call.Segments switch
        {
            ["users"] or ["users", _] and not [_, "delta"] => 2,
            ["oauth2PermissionGrants"] or ["oauth2PermissionGrants", _] and not [_, "delta"] => 2,
            ["servicePrincipals", _, "appRoleAssignments"] => 2,
            ["groups", _, "members"] => 3,
            ["groups", _, "transitiveMembers"] => 5,
            ["directoryObjects", "getByIds"] => 3,
            _ => 1,
        };
        if (call.Option("select") is not null)
        {
            units--;
        }

        if (call.Option("expand") is not null)
        {
            units++;
        }

        if (int.TryParse(call.Option("top"), out var top) && top < 20)
        {
            units--;
        }

        return Math.Max(1, units);
    }
}
