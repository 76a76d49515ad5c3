using Governance.Core.Consents;

namespace Governance.Core.Risk;

/// <summary>Names the kinds of data that a permission opens, as policies and approvals write them.</summary>
public static class DataOpened
{
    public static IEnumerable<string> By(HeldPermission held) => RiskAssessor.BuiltIn.Table.Rate(held).Rating.Categories.Select(NameOf);

    public static string NameOf(DataCategory category)
    {
        var name = category.ToString();
        return string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
    }
}
