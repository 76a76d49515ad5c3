using Azure.Core;
using Azure.Identity;
using Governance.Core.Scans;
using Governance.Microsoft365.Graph;

namespace Governance.Microsoft365.Tests.Graph;

public sealed class CredentialTokenTests
{
    [Fact]
    public async Task Who_is_signed_in_nowhere_is_told_what_to_do_rather_than_what_was_tried()
    {
        using var tokens = new CredentialToken(() => new Failing(new CredentialUnavailableException("five things were tried\nat length")), TimeProvider.System, "sign in first");

        var refused = await Assert.ThrowsAsync<TenantAccessDeniedException>(async () => await tokens.TokenAsync("scope", null, null, default));

        Assert.Equal("no token: sign in first", refused.Message);
    }

    [Fact]
    public async Task A_sign_in_that_is_refused_is_told_in_its_first_line()
    {
        using var tokens = new CredentialToken(() => new Failing(new AuthenticationFailedException("AADSTS7000215: the secret is wrong\ntrace")), TimeProvider.System, "sign in first");

        var refused = await Assert.ThrowsAsync<TenantAccessDeniedException>(async () => await tokens.TokenAsync("scope", null, null, default));

        Assert.Equal("no token: AADSTS7000215: the secret is wrong", refused.Message);
    }

    [Fact]
    public async Task A_token_is_kept_until_shortly_before_its_end_and_a_rejected_one_is_not()
    {
        var time = new HandSetTime();
        var credential = new Counting(time);
        using var tokens = new CredentialToken(() => credential, time);

        Assert.Equal("token 1", await tokens.TokenAsync("scope", null, null, default));
        Assert.Equal("token 1", await tokens.TokenAsync("scope", null, null, default));
        Assert.Equal("token 2", await tokens.TokenAsync("scope", "token 1", null, default));
        time.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal("token 2", await tokens.TokenAsync("scope", null, null, default));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("token 3", await tokens.TokenAsync("scope", null, null, default));
    }

    private sealed class Failing(Exception fault) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw fault;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw fault;
    }

    private sealed class Counting(TimeProvider time) : TokenCredential
    {
        private int _given;

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new($"token {++_given}", time.GetUtcNow().AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
