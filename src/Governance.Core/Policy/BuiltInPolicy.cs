using System.Collections.Immutable;
using Governance.Core.Consents;

namespace Governance.Core.Policy;

/// <summary>The policy that holds where no file says otherwise.</summary>
internal static class BuiltInPolicy
{
    private static readonly Lazy<GovernancePolicy> Made = new(Make);

    public static GovernancePolicy Value => Made.Value;

    private static GovernancePolicy Make()
    {
        var policy = new GovernancePolicy(string.Empty, [Marketing], [], [], [], Targets, null);
        return policy with { Version = PolicyVersion.Of(policy) };
    }

    /// <summary>Names under which directories keep marketing, by language.</summary>
    private static readonly DepartmentOfInterest Marketing = new(
        "Marketing",
        [
            // English
            "Brand", "Brand Marketing", "Brand Management", "Digital Marketing", "Content Marketing", "Product Marketing", "Growth Marketing",
            "Performance Marketing", "Field Marketing", "Marketing Operations", "Marketing & Communications", "Marketing and Communications",
            "Communications", "Corporate Communications", "Social Media", "Creative", "Creative Services", "Public Relations", "PR", "Advertising",

            // German
            "Markenführung", "Marketing und Kommunikation", "Marketing & Kommunikation", "Unternehmenskommunikation", "Kommunikation",
            "Öffentlichkeitsarbeit", "Werbung", "Onlinemarketing", "Online-Marketing", "Produktmarketing",

            // French
            "Marque", "Communication", "Marketing et communication", "Marketing & communication", "Marketing digital", "Publicité", "Relations publiques",

            // Spanish
            "Mercadotecnia", "Mercadeo", "Comunicación", "Marketing y Comunicación", "Publicidad", "Relaciones Públicas", "Marca",

            // Italian
            "Comunicazione", "Marketing e Comunicazione", "Pubblicità", "Relazioni Pubbliche", "Marchio",

            // Simplified Chinese
            "市场部", "市场营销", "市场营销部", "营销", "营销部", "品牌", "品牌部", "公关部", "传播部", "市场推广部",

            // Japanese
            "マーケティング", "マーケティング部", "マーケティング本部", "広報", "広報部", "宣伝部", "ブランド", "販促部",
        ]);

    private static readonly ImmutableSortedDictionary<string, decimal> Targets = new Dictionary<string, decimal>
    {
        ["unapproved-ai-tools"] = 0,
        ["approval-coverage"] = 90,
        ["exposed-users"] = 0,
        ["exposed-users-marketing"] = 0,
        ["customer-data-exposure"] = 10,
        ["tenant-wide-grants"] = 0,
        ["time-to-detect"] = 24,
        ["time-to-decide"] = 120,
        ["time-to-remediate"] = 72,
        ["overdue-reviews"] = 0,
        ["permission-drift"] = 0,
        ["audit-cadence"] = 100,
        ["verified-publisher-share"] = 95,
        ["dormant-access"] = 0,
        ["look-alikes"] = 0,
        ["grandfathered-grants"] = 0,
        ["training-coverage"] = 90,
        ["governance-index"] = 80,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
