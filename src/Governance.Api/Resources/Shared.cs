using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary>Answers that are the same for everybody who may ask: made once a scan and question.</summary>
internal static class Shared
{
    public static ApiAnswer Answer(ApiCall call, StoredFacts facts, Func<ApiAnswer> make) => Answer(call, facts, null, make);

    /// <param name="state">State of whatever else the answer is made from; null for nothing else.</param>
    public static ApiAnswer Answer(ApiCall call, StoredFacts facts, string? state, Func<ApiAnswer> make) =>
        call.Api.Facts.Answer(facts, $"{call.Http.Request.Path}{call.Http.Request.QueryString.Value}\n{state}", () => make() with { ETag = Tags.Of(call, facts, state) });
}
