namespace Governance.Core.Scans;

/// <summary>Names of closed choices as documents and the API write them: the camel-case form.</summary>
public static class ContractNames
{
    /// <returns>Name with a small first letter, such as <c>underReview</c>; the number when the value has no name.</returns>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
    }
}
