using Governance.Api.Access;

namespace Governance.Api.Http;

/// <summary>One operation of the API.</summary>
/// <param name="Pattern">Path with <c>{name}</c> for what varies, such as <c>/api/scans/{id}</c>.</param>
/// <param name="Roles">Roles of which a caller needs one; none for an operation that everybody may call.</param>
/// <param name="Query">Names of query parameters it knows, beside <c>tenant</c>; others are refused.</param>
public sealed record ApiEndpoint(string Name, string Method, string Pattern, ApiRoles Roles, string[] Query, Func<ApiCall, Task<ApiAnswer>> Handle)
{
    private readonly string[] _segments = Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A person opens it in a browser, which has other proofs than a bearer token. These are worth nothing anywhere else.</summary>
    public bool Page { get; init; }

    public bool Changes => Method != "GET";

    public bool Anonymous => Roles == ApiRoles.None;

    /// <summary>Somebody answers for it, so a proven person has to do it. Scans are the only changes that programs may ask for.</summary>
    public bool Act => Changes && !Roles.HasFlag(ApiRoles.Scan);

    public bool Admits(CallerKind caller) => caller switch
    {
        CallerKind.Person => true,
        CallerKind.Program => !Act,
        _ => !Changes,
    };

    /// <returns>Values of the parts that vary; null when the path is not one of this operation's.</returns>
    public Dictionary<string, string>? Match(string[] path)
    {
        if (path.Length != _segments.Length)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < path.Length; at++)
        {
            if (_segments[at] is ['{', .. var name, '}'])
            {
                values[name] = path[at];
            }
            else if (_segments[at] != path[at])
            {
                return null;
            }
        }

        return values;
    }
}
