using System.Buffers.Text;
using System.Text.Json;

namespace Governance.Microsoft365.Graph;

/// <summary>Gives the bearer token for Graph.</summary>
public interface ITokenSource
{
    /// <param name="scope">OAuth scope of the endpoint, such as <c>https://graph.microsoft.com/.default</c>.</param>
    /// <param name="rejected">Token that the endpoint has just refused, so that another is needed; null for any valid one.</param>
    /// <param name="claims">Claims the endpoint asked for when it refused, as JSON; null when it asked for none.</param>
    /// <exception cref="Core.Scans.TenantAccessDeniedException">No token can be had.</exception>
    ValueTask<string> TokenAsync(string scope, string? rejected, string? claims, CancellationToken cancellationToken);
}

/// <summary>A token that someone else got; it cannot be renewed.</summary>
public sealed class FixedToken(string token) : ITokenSource
{
    private const int LongestName = 64;
    private readonly string _token = Valid(token);

    /// <summary>Reads the token from an environment variable.</summary>
    /// <exception cref="ArgumentException">The variable is not set, blank, or holds what no header may hold. What cannot be a name is not repeated: it may be the token itself.</exception>
    public static FixedToken FromEnvironment(string variable)
    {
        if (variable.Length > LongestName || !variable.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
        {
            throw new ArgumentException("the name of an environment variable is needed, not the token itself");
        }

        try
        {
            return new FixedToken(Environment.GetEnvironmentVariable(variable) ?? string.Empty);
        }
        catch (ArgumentException)
        {
            throw new ArgumentException($"the environment variable {variable} holds no usable token");
        }
    }

    public ValueTask<string> TokenAsync(string scope, string? rejected, string? claims, CancellationToken cancellationToken) => new(_token);

    private static string Valid(string token)
    {
        var plain = token.Trim();
        return plain.Length > 0 && plain.All(character => character is > ' ' and < '\u007F')
            ? plain
            : throw new ArgumentException("the token is empty or holds blanks or control characters", nameof(token));
    }
}

/// <summary>Reads what a token says of itself; nothing here proves it.</summary>
internal static class TokenClaims
{
    /// <returns>The tenant the token was issued for; null when the token is opaque or does not say.</returns>
    public static Guid? TenantOf(string token) =>
        Payload(token) is { } payload && payload.TryGetProperty("tid", out var tenant)
        && tenant.ValueKind == JsonValueKind.String && tenant.TryGetGuid(out var id) ? id : null;

    /// <returns>Application permissions that the token states, sorted; null when it is opaque or states none.</returns>
    public static string[]? RolesOf(string token) =>
        Payload(token) is { } payload && payload.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array
            ? [.. roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!).Order(StringComparer.Ordinal)]
            : null;

    private static JsonElement? Payload(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
            return payload.ValueKind == JsonValueKind.Object ? payload : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
