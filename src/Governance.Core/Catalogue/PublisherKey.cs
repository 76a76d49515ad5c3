namespace Governance.Core.Catalogue;

/// <summary>The form in which publisher names are compared: folded, without gaps and legal forms.</summary>
internal static class PublisherKey
{
    private static readonly HashSet<string> LegalForms = new(StringComparer.Ordinal)
    {
        "inc", "incorporated", "llc", "ltd", "limited", "gmbh", "ag", "se", "sa", "sas", "sarl", "bv", "nv", "corp", "corporation",
        "co", "company", "plc", "pbc", "pty", "kk", "oy", "oyj", "ab", "aps", "as", "srl", "spa", "sl", "lda", "kg", "ug", "pte", "pvt",
        "private", "lp", "llp", "kft", "doo", "ou", "sro", "spzoo", "ltda", "eireli", "株式会社", "有限公司", "公司",
    };

    /// <returns>Empty when the name holds no word.</returns>
    public static string Of(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return string.Empty;
        }

        var dotless = name.Length > NameWords.Limit ? name[..NameWords.Limit] : name;
        var words = NameFolding.Fold(dotless.Replace(".", string.Empty, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var last = words.Length;
        while (last > 1 && LegalForms.Contains(words[last - 1]))
        {
            last--;
        }

        var first = last > 1 && LegalForms.Contains(words[0]) && words[0][0] > 127 || last > 1 && words[0] == "the" ? 1 : 0;
        return string.Concat(words[first..last]);
    }
}
