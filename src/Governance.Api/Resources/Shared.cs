using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary>Answers that are the same for everybody who may ask: made once a scan and question.</summary>
internal static class Shared
{
    public static ApiAnswer Answer(ApiCall call, StoredFacts facts, Func<ApiAnswer> make) =>
        call.Api.Facts.Answer(facts, call.Http.Request.Path + call.Http.Request.QueryString.Value, () => make() with { ETag = Tags.Of(call, facts) });
}
