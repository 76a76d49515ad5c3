using System.Security.Cryptography;
using System.Text;

namespace Governance.Core.Findings;

/// <summary>Makes the id of a finding, the same in every scan.</summary>
public static class FindingId
{
    private const int Digits = 16;

    /// <returns>16 lower-case hexadecimal digits of a SHA-256 over tenant, rule and subject.</returns>
    public static string Of(Guid tenant, string rule, string subject)
    {
        // The separator cannot occur in a GUID or a rule id, so no two triples give one text.
        var text = Encoding.UTF8.GetBytes($"{tenant:D}\n{rule}\n{subject}");
        return Convert.ToHexStringLower(SHA256.HashData(text))[..Digits];
    }
}
