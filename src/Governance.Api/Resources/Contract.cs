using System.Collections.Immutable;
using Governance.Api.Access;
using Governance.Api.Http;

namespace Governance.Api.Resources;

/// <summary><c>/api/openapi.json</c>: the contract, kept by hand in the file of that name.</summary>
internal static class Contract
{
    private static readonly Lazy<ApiAnswer> Answer = new(() =>
    {
        using var resource = typeof(Contract).Assembly.GetManifestResourceStream("openapi.json")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return new ApiAnswer(200, ApiAnswer.JsonType, bytes.ToArray());
    });

    public static readonly ImmutableArray<ApiEndpoint> Endpoints = [new("getContract", "GET", "/api/openapi.json", ApiRoles.None, [], _ => Task.FromResult(Answer.Value))];
}
