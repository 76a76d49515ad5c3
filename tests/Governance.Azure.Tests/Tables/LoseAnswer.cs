using Azure.Core;
using Azure.Core.Pipeline;

namespace Governance.Azure.Tests.Tables;

/// <summary>Lets a request reach the service and then loses its answer, once.</summary>
internal sealed class LoseAnswer : HttpPipelinePolicy
{
    public bool Armed { get; set; }

    public int Times { get; private set; }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        if (Armed)
        {
            Armed = false;
            Times++;
            throw new IOException("the answer was lost");
        }
    }
}
