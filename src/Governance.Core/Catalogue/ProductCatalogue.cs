using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>The products that apps are recognised as, with the look-ups that recognising needs. Immutable, safe for many threads.</summary>
public sealed class ProductCatalogue
{
    private static readonly string[] Files = ["ai-tools.json", "other-products.json"];
    private static readonly Lazy<ProductCatalogue> BuiltIn = new(LoadEmbedded);

    private readonly Lazy<string> _version;
    private readonly Dictionary<string, Product> _byDomain;
    private readonly Dictionary<string, Product>.AlternateLookup<ReadOnlySpan<char>> _byDomainSpan;
    private readonly Lazy<BrandIndex> _brands;

    private ProductCatalogue(ImmutableArray<Product> products, Func<string> version)
    {
        Products = products;
        _version = new Lazy<string>(version);
        Names = new NameIndex(products);
        var byId = new Dictionary<Guid, Product>();
        var byDomain = new Dictionary<string, Product>(StringComparer.Ordinal);
        var byPublisher = new Dictionary<string, List<Product>>(StringComparer.Ordinal);
        foreach (var product in products)
        {
            foreach (var id in product.AppIds)
            {
                byId.TryAdd(id, product);
            }

            foreach (var domain in product.Domains)
            {
                byDomain.TryAdd(domain, product);
            }

            foreach (var key in product.PublisherNames.Select(PublisherKey.Of).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal))
            {
                if (!byPublisher.TryGetValue(key, out var made))
                {
                    byPublisher.Add(key, made = []);
                }

                made.Add(product);
            }
        }

        ByAppId = byId;
        _byDomain = byDomain;
        _byDomainSpan = _byDomain.GetAlternateLookup<ReadOnlySpan<char>>();
        ByPublisher = byPublisher.ToDictionary(entry => entry.Key, entry => entry.Value.ToImmutableArray(), StringComparer.Ordinal);
        _brands = new Lazy<BrandIndex>(() => new BrandIndex(this));
    }

    private ProductCatalogue(ProductCatalogue other, Dictionary<Guid, LearnedApp> learned)
    {
        Products = other.Products;
        Names = other.Names;
        ByAppId = other.ByAppId;
        _byDomain = other._byDomain;
        _byDomainSpan = other._byDomainSpan;
        ByPublisher = other.ByPublisher;
        _brands = other._brands;
        Learned = learned;
        _version = new Lazy<string>(() => Digest(other.Version, [Encoding.UTF8.GetBytes(string.Join('\n', learned.Values.OrderBy(app => app.AppId)))]));
    }

    /// <summary>The catalogue that comes with the product; read once, when first asked for.</summary>
    public static ProductCatalogue Embedded => BuiltIn.Value;

    public ImmutableArray<Product> Products { get; }

    /// <summary>Stated version and a digest of the content: verdicts of equal versions are equal.</summary>
    public string Version => _version.Value;

    internal NameIndex Names { get; }

    internal IReadOnlyDictionary<Guid, Product> ByAppId { get; }

    /// <summary>Products by the key of their vendor's names; see <see cref="PublisherKey"/>.</summary>
    internal IReadOnlyDictionary<string, ImmutableArray<Product>> ByPublisher { get; }

    internal IReadOnlyDictionary<Guid, LearnedApp> Learned { get; } = new Dictionary<Guid, LearnedApp>();

    /// <summary>Made when the first suspicious name asks for it.</summary>
    internal BrandIndex Brands => _brands.Value;

    /// <summary>Reads a catalogue file, which adds to the built-in catalogue unless it says <c>"replaces": true</c>.</summary>
    /// <remarks>An entry with the name of a built-in product takes its place.</remarks>
    public static Parsed<ProductCatalogue> Parse(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        var reader = new CatalogueReader(json);
        reader.Read();
        var own = reader.Products;
        var replaced = own.Select(placed => placed.Product.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var kept = reader.Replaces || reader.Problems.Count > 0 ? [] : Embedded.Products.Where(product => !replaced.Contains(product.Name)).ToList();
        var problems = CatalogueRules.ProblemsOf(kept, own, json);
        problems.InsertRange(0, reader.Problems);
        if (problems.Count > 0)
        {
            return new Parsed<ProductCatalogue>.Bad([.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
        }

        var content = json.ToArray();
        var version = (reader.Version ?? "0") + (reader.Replaces ? string.Empty : "+" + Embedded.Version);
        return new Parsed<ProductCatalogue>.Good(
            new ProductCatalogue([.. own.Select(placed => placed.Product), .. kept], () => Digest(version, [content])));
    }

    /// <summary>The same catalogue with what people of the tenant confirmed; the last word on an app id counts.</summary>
    public ProductCatalogue WithLearnedAppIds(IEnumerable<LearnedApp> learned)
    {
        var all = new Dictionary<Guid, LearnedApp>();
        foreach (var app in learned)
        {
            all[app.AppId] = app;
        }

        return new ProductCatalogue(this, all);
    }

    /// <summary>The product of a host or of the closest parent that belongs to one; null beyond a generic host.</summary>
    internal Product? ByHost(ReadOnlySpan<char> host)
    {
        while (host.Contains('.'))
        {
            if (_byDomainSpan.TryGetValue(host, out var product))
            {
                return product;
            }

            if (GenericHosts.Embedded.Lists(host))
            {
                return null;
            }

            host = host[(host.IndexOf('.') + 1)..];
        }

        return null;
    }

    private static ProductCatalogue LoadEmbedded()
    {
        var products = ImmutableArray.CreateBuilder<Product>(2048);
        var versions = new List<string>();
        foreach (var file in Files)
        {
            var reader = new CatalogueReader(EmbeddedData.Bytes(file));
            reader.Read();
            if (reader.Problems is [var first, ..])
            {
                throw new InvalidOperationException($"{file}: {first}");
            }

            products.AddRange(reader.Products.Select(placed => placed.Product));
            versions.Add(reader.Version ?? "0");
        }

        var newest = versions.Max(StringComparer.Ordinal) ?? "0";
        return new ProductCatalogue(products.DrainToImmutable(), () => Digest(newest, Files.Select(EmbeddedData.Bytes)));
    }

    private static string Digest(string version, IEnumerable<byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(content);
        }

        hash.AppendData(Encoding.UTF8.GetBytes(version));
        var stated = version.Split('+')[0];
        return string.Create(CultureInfo.InvariantCulture, $"{stated}+{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6))}");
    }
}
