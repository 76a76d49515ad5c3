using Microsoft.AspNetCore.Http;

namespace Governance.Api.Http;

/// <summary>Problem details (RFC 9457): nothing about the inside of the server, and the number under which its log tells more.</summary>
internal static class ProblemAnswer
{
    public static ApiAnswer Of(HttpContext context, ApiProblemException problem, string correlation)
    {
        if (problem.Allow is { } allow)
        {
            context.Response.Headers.Allow = allow;
        }

        if (problem.SignIn is { } page)
        {
            return new ApiAnswer(StatusCodes.Status303SeeOther, ApiAnswer.JsonType, default) { Location = page };
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var answer = ApiAnswer.Json(problem.Status, json =>
        {
            json.WriteStartObject();
            json.WriteString("type", $"urn:governance:problem:{problem.Code}");
            json.WriteString("title", Title(problem.Status));
            json.WriteNumber("status", problem.Status);
            json.WriteString("detail", problem.Message);
            json.WriteString("correlationId", correlation);
            json.WriteEndObject();
        });
        return answer with { ContentType = "application/problem+json; charset=utf-8", RetryAfter = problem.RetryAfter };
    }

    private static string Title(int status) => status switch
    {
        400 => "The request is wrong",
        401 => "Who calls is not proven",
        403 => "The caller may not do this",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "In the way of something else",
        412 => "It has changed meanwhile",
        428 => "Look at it first",
        413 => "The body is too long",
        415 => "The body is of a kind that is not taken",
        422 => "The key stands for another request",
        429 => "Too many requests",
        502 => "Microsoft Graph did not do it",
        503 => "Not available now",
        _ => "The server failed",
    };
}
