namespace Governance.Api.Access;

/// <summary>Tokens made on this machine.</summary>
/// <param name="find">Name and role names of a token; null when it is not known.</param>
public sealed class LocalTokens(Func<string, CancellationToken, Task<(string Name, IEnumerable<string> Roles)?>> find) : ICallerProof
{
    private const int Longest = 200;

    public async ValueTask<ApiCaller?> ProveAsync(string bearer, CancellationToken cancellationToken) =>
        bearer.Length <= Longest && await find(bearer, cancellationToken).ConfigureAwait(false) is { } known
            ? new ApiCaller($"local:{known.Name}", CallerKind.Person, RoleNames.Parse(known.Roles), null)
            : null;
}
