using System.Text.Json;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>What an error answer says; codes and messages are for telling cases apart and are never shown raw at length.</summary>
internal readonly record struct GraphError(string Code, string Message)
{
    private const int LongestBody = 64 * 1024;
    private const int LongestCode = 80;

    public bool LinkExpired => Is("DirectoryPageTokenNotFoundException") || Is("Directory_ExpiredPageToken")
        || Message.Contains("DirectoryPageTokenNotFoundException", StringComparison.OrdinalIgnoreCase);

    /// <remarks>Spelled in several cases over the years.</remarks>
    public bool SyncLost => Is("syncStateNotFound") || Is("resyncRequired");

    public bool NoSuchObject => Is("Request_ResourceNotFound");

    public bool Licence => Code.Contains("NonPremiumTenant", StringComparison.OrdinalIgnoreCase) || Code.Contains("license", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("premium license", StringComparison.OrdinalIgnoreCase) || Message.Contains("license", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("licence", StringComparison.OrdinalIgnoreCase);

    /// <summary>The code with everything left out that a code does not hold; empty when there is none.</summary>
    public string PlainCode => new([.. Code.Where(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.').Take(LongestCode)]);

    public static async Task<GraphError> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var body = new byte[LongestBody];
            var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Parse(body.AsMemory(0, length));
        }
    }

    public static GraphError Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = Member.Object(document.RootElement, "error");
            return new GraphError(Member.Text(error, "code") ?? string.Empty, Member.Text(error, "message") ?? string.Empty);
        }
        catch (JsonException)
        {
            return new GraphError(string.Empty, string.Empty);
        }
    }

    private bool Is(string code) => Code.Equals(code, StringComparison.OrdinalIgnoreCase);
}
