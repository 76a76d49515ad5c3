namespace Governance.Core.Catalogue;

/// <summary>What a product is mainly used for; the closed list of the catalogue's schema.</summary>
internal static class ProductCategories
{
    public static readonly HashSet<string> All = new(StringComparer.Ordinal)
    {
        "assistant-chat", "automation-agents", "coding", "copywriting", "crm-sales", "data-analytics", "design", "hr-other",
        "image", "meeting-notes", "ml-platform", "search-research", "seo-ads", "translation", "video-audio",
    };
}
