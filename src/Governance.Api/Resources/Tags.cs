using System.Security.Cryptography;
using System.Text;
using Governance.Api.Http;
using Governance.Core.Scans;

namespace Governance.Api.Resources;

/// <summary>Entity tags of what is computed from a scan: the same scan and the same question give the same answer.</summary>
internal static class Tags
{
    /// <param name="state">State of whatever else the answer is made from; null for nothing else.</param>
    public static string Of(ApiCall call, StoredFacts facts, string? state = null)
    {
        var question = call.Http.Request.Path + call.Http.Request.QueryString.Value;
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{facts.State.LastScan.TenantId}\n{facts.State.LastScan.Id}\n{question}\n{state}"));
        return $"\"{Convert.ToHexStringLower(digest.AsSpan(0, 12))}\"";
    }
}
