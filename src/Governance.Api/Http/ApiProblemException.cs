namespace Governance.Api.Http;

/// <summary>Ends a request with a problem answer (RFC 9457).</summary>
/// <param name="code">Kebab-case name of the problem, for programs.</param>
/// <param name="detail">One sentence for people; repeats no secret and no internals.</param>
public sealed class ApiProblemException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Seconds after which to try again; null when that is not known.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Methods the address knows; null for other problems.</summary>
    public string? Allow { get; init; }

    /// <summary>Page to which a browser is sent in place of the problem; null for none.</summary>
    public string? SignIn { get; init; }

    /// <summary>True when somebody seems to try what is not his: goes to the security log.</summary>
    public bool Suspicious { get; init; }

    public static ApiProblemException Invalid(string code, string detail) => new(400, code, detail) { Suspicious = true };

    /// <summary>The same answer whether a thing does not exist or is another tenant's.</summary>
    public static ApiProblemException NotFound(string what) => new(404, "not-found", $"there is no such {what}");
}
