using Governance.Api.Access;
using Governance.Core.Scans;
using Microsoft.Extensions.Options;

namespace Governance.Functions.Settings;

/// <summary>Whose tokens the API takes. With nothing set it answers its health and nothing else.</summary>
internal sealed class ApiAccessOptions
{
    public const string Section = EntraOptions.Section;

    /// <summary>Tenant whose people call the API; they see every tenant audited.</summary>
    public string? TenantId { get; set; }

    /// <summary>Application (client) id of the API's registration, a GUID.</summary>
    public string? ClientId { get; set; }

    /// <summary>Application ID URI of the registration; empty for <c>api://</c> and the client id.</summary>
    public string? ApplicationIdUri { get; set; }

    /// <summary>Sign-in authority; other clouds have another one.</summary>
    public Uri LoginEndpoint { get; set; } = new("https://login.microsoftonline.com");

    public bool Closed => string.IsNullOrEmpty(TenantId) && string.IsNullOrEmpty(ClientId) && string.IsNullOrEmpty(ApplicationIdUri);
}

internal sealed class ApiAccessCheck : IValidateOptions<ApiAccessOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiAccessOptions options)
    {
        if (options.Closed)
        {
            return ValidateOptionsResult.Success;
        }

        if (!Guid.TryParse(options.TenantId, out var tenant) || tenant == Guid.Empty)
        {
            return ValidateOptionsResult.Fail("Entra__TenantId must be the tenant whose people call the API");
        }

        return ApiAccess.Options(options, []).Problems() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems.Select(problem => $"{ApiAccessOptions.Section}__{problem.Setting} {problem.Demand}"))
            : ValidateOptionsResult.Success;
    }
}

internal static class ApiAccess
{
    public static EntraOptions Options(ApiAccessOptions access, IEnumerable<Guid> tenants)
    {
        var options = new EntraOptions
        {
            LoginEndpoint = access.LoginEndpoint,
            ClientId = EntraOptions.ParseClientId(access.ClientId),
            ApplicationIdUri = string.IsNullOrEmpty(access.ApplicationIdUri) ? null : access.ApplicationIdUri,
        };
        options.Tenants[Guid.Parse(access.TenantId!)] = [.. tenants];
        return options;
    }
}

/// <summary>How this head knows who calls: by tokens of Entra, also by one that the platform passes on from a sign-in.</summary>
internal sealed class ApiProofs(ApiAccessOptions access, ITenantSources tenants, TimeProvider time)
{
    private readonly EntraTokens? _tokens = access.Closed ? null : new EntraTokens(ApiAccess.Options(access, tenants.Tenants), new HttpClient { Timeout = TimeSpan.FromSeconds(10) }, time);

    public IEnumerable<ICallerProof> Callers => _tokens is null ? [] : [_tokens];

    public IEnumerable<IBrowserProof> Browsers => _tokens is null ? [] : [new PlatformSignIn(_tokens)];
}
