namespace Governance.Simulator.Wire;

/// <summary>A request that Graph answers with an error body.</summary>
internal sealed class GraphException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>URL for the Location header; null for none.</summary>
    public string? Location { get; init; }

    public static GraphException BadRequest(string message) => new(400, "Request_BadRequest", message);

    public static GraphException Unsupported(string message) => new(400, "Request_UnsupportedQuery", message);

    public static GraphException NotFound(string id) => new(
        404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphException Denied() => new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}
