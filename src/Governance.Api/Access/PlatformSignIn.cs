using Microsoft.AspNetCore.Http;

namespace Governance.Api.Access;

/// <summary>People whom App Service signed in: it passes on the ID token that Entra signed, which is proven here as if it had come by itself.</summary>
/// <remarks>A hand-made header therefore gains nothing. <c>X-MS-CLIENT-PRINCIPAL</c> and its like, which nobody signs, are not read.</remarks>
public sealed class PlatformSignIn(EntraTokens tokens) : IBrowserProof
{
    /// <summary>Set while the platform's token store is on.</summary>
    public const string Header = "X-MS-TOKEN-AAD-ID-TOKEN";

    public async ValueTask<ApiCaller?> ProveAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.Headers[Header] is [{ Length: > 0 } token] ? await tokens.ProveIdTokenAsync(token, cancellationToken).ConfigureAwait(false) : null;
}
