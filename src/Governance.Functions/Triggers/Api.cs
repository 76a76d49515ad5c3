using Governance.Api.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Governance.Functions.Triggers;

/// <summary>The HTTP API. It proves every caller itself; no function key opens anything.</summary>
internal sealed class Api(ApiHost host)
{
    [Function(nameof(Api))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = "{**path}")] HttpRequest request)
    {
        var context = request.HttpContext;
        await ApiEntry.RunAsync(await host.ApiAsync(context.RequestAborted).ConfigureAwait(false), context).ConfigureAwait(false);
        return new EmptyResult();
    }
}
