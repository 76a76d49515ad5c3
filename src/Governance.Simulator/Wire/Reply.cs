using System.Text.Json;

namespace Governance.Simulator.Wire;

/// <summary>An answer, before faults and transport.</summary>
internal class Reply
{
    public int Status { get; init; } = 200;

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The wait it asks for, as sent; null when it asks for none.</summary>
    public string? RetryAfter => Headers.Find(header => header.Name == "Retry-After").Value;

    /// <summary>Writes the body; null for none.</summary>
    public virtual Action<Utf8JsonWriter>? Body { get; init; }

    /// <summary>For <c>/$count</c>, which answers in plain text; null elsewhere.</summary>
    public string? Text { get; init; }

    /// <summary>Rows in the body.</summary>
    public virtual int Rows => 0;

    public static Reply NoContent { get; } = new() { Status = 204 };

    public static Reply Error(int status, string code, string message, DateTimeOffset now, string requestId) => new()
    {
        Status = status,
        Body = json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteStartObject("innerError");
            if (status == 429)
            {
                json.WriteString("code", "429");
                json.WriteString("status", "429");
            }

            json.WriteString("date", now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss"));
            json.WriteString("request-id", requestId);
            json.WriteString("client-request-id", requestId);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        },
    };
}
