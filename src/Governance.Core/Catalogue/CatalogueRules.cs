namespace Governance.Core.Catalogue;

/// <summary>What holds for every catalogue: a name, a domain and an application id belong to one product, and a bare common word needs another signal.</summary>
internal static class CatalogueRules
{
    /// <param name="kept">Products that are there already.</param>
    /// <param name="added">Products of the file to check.</param>
    /// <param name="json">The file, to tell places.</param>
    public static List<Problem> ProblemsOf(IReadOnlyList<Product> kept, IReadOnlyList<PlacedProduct> added, ReadOnlySpan<byte> json)
    {
        var problems = new List<Problem>();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var product in kept)
        {
            foreach (var (key, _) in KeysOf(product))
            {
                taken.TryAdd(key, product.Name);
            }
        }

        foreach (var (product, offset) in added)
        {
            var (line, column) = CatalogueReader.Place(json, offset);
            var own = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (key, shown) in KeysOf(product))
            {
                if (!own.Add(key))
                {
                    problems.Add(new Problem(line, column, $"{product.Name}: {shown} is listed twice"));
                }
                else if (!taken.TryAdd(key, product.Name))
                {
                    problems.Add(new Problem(line, column, $"{product.Name}: {shown} belongs to {taken[key]} already"));
                }
            }

            foreach (var message in MistakesOf(product))
            {
                problems.Add(new Problem(line, column, $"{product.Name}: {message}"));
            }
        }

        return problems;
    }

    private static IEnumerable<(string Key, string Shown)> KeysOf(Product product) =>
    [
        .. product.Names.Select(name => ("name:" + NameWords.Of(name).Folded, $"name \"{name}\"")).DistinctBy(entry => entry.Item1, StringComparer.Ordinal),
        .. product.Domains.Select(domain => ("domain:" + domain, $"domain {domain}")),
        .. product.AppIds.Select(id => ("id:" + id, $"application id {id}")),
    ];

    private static IEnumerable<string> MistakesOf(Product product)
    {
        foreach (var name in product.Names)
        {
            var words = NameWords.Of(name);
            if (words.Folded.Length < 2)
            {
                yield return $"name \"{name}\" is too short to match";
            }
            else if (OrdinaryWords.Embedded.Contains(words.Folded) && words.Count == 1 && !product.Ambiguous.Contains(name, StringComparer.Ordinal))
            {
                yield return $"name \"{name}\" is a common word and must be listed in \"ambiguous\"";
            }
        }

        foreach (var name in product.Ambiguous.Where(name => !product.Names.Contains(name, StringComparer.Ordinal)))
        {
            yield return $"ambiguous \"{name}\" is neither its name nor an alias";
        }

        foreach (var domain in product.Domains)
        {
            if (WebHost.Of(domain) != domain)
            {
                yield return $"domain \"{domain}\" is no lower-case host name";
            }
            else if (PublicSuffixes.Embedded.RegistrableDomain(domain).IsEmpty)
            {
                yield return $"domain \"{domain}\" is a public suffix";
            }
            else if (GenericHosts.Embedded.Lists(domain))
            {
                yield return $"domain \"{domain}\" is a generic host, which identifies nobody";
            }
        }
    }
}
