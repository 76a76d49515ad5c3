using Azure.Core;
using Azure.Identity;
using Governance.Core.Scans;

namespace Governance.Microsoft365.Graph;

/// <summary>Tokens from Azure.Identity, kept until shortly before they end. Its assemblies are loaded when the first token is asked for.</summary>
/// <param name="credential">Makes the credential; called once, on first use.</param>
/// <param name="advice">What to do where there is nothing to sign in with; null for no more than the library says.</param>
public sealed class CredentialToken(Func<TokenCredential> credential, TimeProvider time, string? advice = null) : ITokenSource, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly Lazy<TokenCredential> _credential = new(credential);
    private readonly SemaphoreSlim _one = new(1, 1);
    private AccessToken _kept;

    /// <summary>Whatever this machine is signed in with: environment, managed identity, developer tools.</summary>
    public static CredentialToken FromThisMachine(TimeProvider time) => new(
        () => new DefaultAzureCredential(),
        time,
        "nothing on this machine is signed in: 'az login' signs in a person, the variables AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH an application");

    /// <summary>A user-assigned managed identity.</summary>
    public static CredentialToken FromManagedIdentity(Guid clientId, TimeProvider time) =>
        new(() => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId.ToString("D"))), time);

    /// <summary>A person signs in on another device.</summary>
    /// <param name="tenant">Tenant id or domain; null for the person's home tenant.</param>
    /// <param name="client">Application id to sign in with; null for Azure's own.</param>
    /// <param name="show">Receives the sentence that says where to sign in and with which code.</param>
    public static CredentialToken FromDeviceCode(string? tenant, string? client, Func<string, Task> show, TimeProvider time) =>
        new(
            () =>
            {
                var options = new DeviceCodeCredentialOptions { TenantId = tenant, DeviceCodeCallback = (code, _) => show(code.Message) };
                if (client is not null)
                {
                    options.ClientId = client;
                }

                return new DeviceCodeCredential(options);
            },
            time);

    public async ValueTask<string> TokenAsync(string scope, string? rejected, string? claims, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_kept.Token is { } token && token != rejected && _kept.ExpiresOn - Margin > time.GetUtcNow())
            {
                return token;
            }

            _kept = await _credential.Value.GetTokenAsync(new TokenRequestContext([scope], claims: claims, isCaeEnabled: true), cancellationToken).ConfigureAwait(false);
            return _kept.Token;
        }
        catch (CredentialUnavailableException) when (advice is not null)
        {
            throw new TenantAccessDeniedException(401, $"no token: {advice}");
        }
        catch (AuthenticationFailedException exception)
        {
            throw new TenantAccessDeniedException(401, $"no token: {FirstLine(exception.Message)}");
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
