using System.Collections.Immutable;
using System.Text;
using Governance.Core.Catalogue;
using Governance.Core.Consents;

namespace Governance.Core.Tests.Catalogue;

public sealed class ProductCatalogueTests
{
    [Theory]
    [InlineData("ai-tools.json")]
    [InlineData("other-products.json")]
    public void The_files_that_come_with_the_product_keep_the_rules(string file)
    {
        var json = EmbeddedData.Bytes(file);
        var reader = new CatalogueReader(json);
        reader.Read();

        Assert.Empty(reader.Problems);
        Assert.Empty(CatalogueRules.ProblemsOf([], reader.Products, json));
    }

    [Fact]
    public void No_name_domain_or_id_stands_in_both_files()
    {
        var json = EmbeddedData.Bytes("other-products.json");
        var others = new CatalogueReader(json);
        others.Read();
        var tools = new CatalogueReader(EmbeddedData.Bytes("ai-tools.json"));
        tools.Read();

        Assert.Empty(CatalogueRules.ProblemsOf([.. tools.Products.Select(placed => placed.Product)], others.Products, json));
    }

    [Fact]
    public void A_file_adds_to_the_built_in_catalogue()
    {
        var catalogue = Good("""{"version":"2026-11-22","products":[{"name":"Kestrel Pen","vendor":"Kestrel","kind":"ai","category":"copywriting","domains":["kestrelpen.example"]}]}""");

        Assert.Equal("Kestrel Pen", Judge(catalogue, "Kestrel Pen for Word").Ai.Product);
        Assert.Equal(AiVerdict.Ai, Judge(catalogue, "ChatGPT").Ai.Verdict);
        Assert.NotEqual(ProductCatalogue.Embedded.Version, catalogue.Version);
    }

    [Fact]
    public void A_file_that_replaces_stands_alone()
    {
        var catalogue = Good("""{"replaces":true,"products":[{"name":"Kestrel Pen","vendor":"Kestrel","kind":"notAi","category":"copywriting"}]}""");

        Assert.Single(catalogue.Products);
        Assert.Null(Judge(catalogue, "Perplexity").Ai.Product);
    }

    [Fact]
    public void An_entry_with_a_known_name_takes_its_place()
    {
        var catalogue = Good("""{"products":[{"name":"Perplexity","vendor":"Perplexity AI","kind":"notAi","category":"search-research"}]}""");

        Assert.Equal(AiVerdict.NotAi, Judge(catalogue, "Perplexity").Ai.Verdict);
    }

    [Fact]
    public void Every_problem_is_told_with_its_place()
    {
        var json = """
            {"products":[
              {"name":"One Pen","vendor":"V","kind":"ai","category":"copywriting","domains":["one.example","ONE.example"]},
              {"name":"Two Pen","vendor":"V","kind":"smart","category":"copywriting"},
              {"name":"Three Pen","vendor":"V","kind":"ai","category":"pens"},
              {"name":"One Pen","vendor":"V","kind":"ai","category":"copywriting","domains":["one.example","github.io"]},
              {"name":"Grammar","vendor":"V","kind":"ai","category":"copywriting","ambiguous":["Pen"],"appIds":["x"]}
            ]}
            """;

        var problems = Bad(json);

        Assert.Contains(problems, problem => problem.Line == 2 && problem.Message.Contains("ONE.example", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 3 && problem.Message.Contains("kind", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 4 && problem.Message.Contains("unknown category", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 5 && problem.Message.Contains("name \"One Pen\" belongs to", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 5 && problem.Message.Contains("domain one.example belongs to", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 5 && problem.Message.Contains("github.io", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 6 && problem.Message.Contains("common word", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Line == 6 && problem.Message.Contains("\"x\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"products\":{}}")]
    [InlineData("{\"products\":[1]}")]
    [InlineData("{\"products\":[{\"name\":\"\\ud800\"}]}")]
    public void A_broken_file_is_refused(string json)
    {
        Assert.NotEmpty(Bad(json));
    }

    [Fact]
    public void Learned_ids_change_the_version()
    {
        var learned = ProductCatalogue.Embedded.WithLearnedAppIds([new LearnedApp(Guid.Parse("44444444-4444-4444-8444-444444444444"), AiVerdict.Ai, "ChatGPT")]);

        Assert.NotEqual(ProductCatalogue.Embedded.Version, learned.Version);
    }

    private static ProductCatalogue Good(string json) => Assert.IsType<Parsed<ProductCatalogue>.Good>(ProductCatalogue.Parse(Encoding.UTF8.GetBytes(json))).Value;

    private static ImmutableArray<Problem> Bad(string json) => Assert.IsType<Parsed<ProductCatalogue>.Bad>(ProductCatalogue.Parse(Encoding.UTF8.GetBytes(json))).Problems;

    private static Classification Judge(ProductCatalogue catalogue, string name) => new AppClassifier(catalogue, null).Classify(new ServicePrincipal { Id = Guid.Empty, DisplayName = name });
}
