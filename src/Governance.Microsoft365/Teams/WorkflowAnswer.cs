using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Governance.Microsoft365.Teams;

/// <summary>What an answer to a post means.</summary>
/// <remarks>
/// Only answers that prove that nothing was posted allow another attempt. A server error may come after the message was handed
/// on, so its end is unknown.
/// </remarks>
internal abstract partial record WorkflowAnswer
{
    /// <summary>Bodies are read up to this length; nothing that matters is longer.</summary>
    public const int LongestBody = 4096;

    public sealed record Accepted : WorkflowAnswer;

    public sealed record Delivered : WorkflowAnswer;

    public sealed record Unknown(string Detail) : WorkflowAnswer;

    /// <summary>Not posted; later it may be.</summary>
    public sealed record Busy(string Detail) : WorkflowAnswer;

    /// <summary>Not posted, because it is too large.</summary>
    public sealed record TooLarge : WorkflowAnswer;

    /// <summary>Not posted, for lack of a right.</summary>
    public sealed record NotAllowed(string Detail) : WorkflowAnswer;

    /// <summary>Not posted, and not before somebody changes something.</summary>
    public sealed record Refused(string Detail) : WorkflowAnswer;

    public static WorkflowAnswer Of(HttpStatusCode status, string body) => (int)status switch
    {
        202 => new Accepted(),
        200 => OfText(body),
        >= 200 and < 300 => new Unknown($"unexpected answer {(int)status}"),
        >= 300 and < 400 => new Refused($"{(int)status}: the address moved; copy the workflow's address again"),
        413 => new TooLarge(),
        429 or 503 => new Busy($"{(int)status}: the workflow is busy"),
        401 or 403 => new NotAllowed(Advice((int)status, CodeOf(body))),
        408 or >= 500 => new Unknown($"{(int)status}: the workflow failed; it may have posted or not"),
        var code => new Refused(Advice(code, CodeOf(body))),
    };

    /// <summary>Old connectors, and flows that answer after posting, say in the body of a 200 how it went.</summary>
    private static WorkflowAnswer OfText(string body)
    {
        var text = body.Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return new Delivered();
        }

        if (!text.Contains("Webhook message delivery failed", StringComparison.OrdinalIgnoreCase))
        {
            return new Unknown(text.Length == 0 ? "200 without a word" : "200 with words that are not known");
        }

        return ErrorCode().Match(text) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) switch
            {
                413 => new TooLarge(),
                429 or 503 => new Busy($"200, but Teams answered {match.Groups[1].Value}"),
                var code and >= 500 => new Unknown($"200, but Teams answered {code}"),
                var code => new Refused($"200, but Teams answered {code}"),
            }
            : new Unknown("200, but delivery failed for a reason not told");
    }

    private static string Advice(int status, string? code) => (status, code) switch
    {
        (_, "WorkflowTriggerIsNotEnabled") => "400 WorkflowTriggerIsNotEnabled: the flow is turned off; turn it on in Power Automate",
        (401, "DirectApiAuthorizationRequired") =>
            "401 DirectApiAuthorizationRequired: the signature is missing or damaged, or the flow admits only users of the tenant; copy the address again, or use auth: entra",
        (401, _) => $"401{Tail(code)}: the workflow did not accept the signature or token",
        (403, _) => $"403{Tail(code)}: this identity is not among those the flow admits",
        (404 or 410, _) => $"{status}{Tail(code)}: there is no such flow any more; create it again and use its new address",
        _ => $"{status}{Tail(code)}: the workflow refused the message",
    };

    private static string Tail(string? code) => code is null ? string.Empty : $" {code}";

    /// <summary>The error code of the answer, when it is one plain word: nothing else of a body is kept.</summary>
    private static string? CodeOf(string body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                && PlainWord().IsMatch(code.GetString()!) ? code.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"HTTP error (\d{3})", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"^[A-Za-z]{1,60}$")]
    private static partial Regex PlainWord();
}
