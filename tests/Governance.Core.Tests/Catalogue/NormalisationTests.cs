using Governance.Core.Catalogue;

namespace Governance.Core.Tests.Catalogue;

public sealed class NormalisationTests
{
    [Theory]
    [InlineData("ChatGPT", "chat|gpt")]
    [InlineData("OpenAIDemo", "open|ai|demo")]
    [InlineData("LLMs", "llms")]
    [InlineData("Foo-bar_2.0", "foo|bar|2|0")]
    [InlineData("ＡＩ助手", "ai|助|手")]
    [InlineData("Cafe\u0301 Été", "cafe|ete")]
    [InlineData("Straße", "strasse")]
    [InlineData("a\u200Bb", "ab")]
    [InlineData("AIRTABLE", "airtable")]
    [InlineData("", "")]
    public void A_name_falls_into_words(string name, string expected)
    {
        var words = NameWords.Of(name);

        Assert.Equal(expected, string.Join('|', Enumerable.Range(0, words.Count).Select(piece => words.Text(piece, piece).ToString())));
    }

    [Theory]
    [InlineData("www.example.com", "example.com")]
    [InlineData("a.b.example.co.uk", "example.co.uk")]
    [InlineData("co.uk", "")]
    [InlineData("com", "")]
    [InlineData("www.ck", "www.ck")]
    [InlineData("shop.foo.ck", "shop.foo.ck")]
    [InlineData("foo.ck", "")]
    [InlineData("city.kobe.jp", "city.kobe.jp")]
    [InlineData("a.b.kobe.jp", "a.b.kobe.jp")]
    [InlineData("me.github.io", "me.github.io")]
    [InlineData("x.unlisted", "x.unlisted")]
    public void The_registrable_domain_follows_the_public_suffix_list(string host, string expected)
    {
        Assert.Equal(expected, PublicSuffixes.Embedded.RegistrableDomain(host).ToString());
    }

    [Theory]
    [InlineData("https://Example.COM:8443/x", "example.com")]
    [InlineData("example.com/path", "example.com")]
    [InlineData("https://*.example.com/", "example.com")]
    [InlineData("https://bücher.example/", "xn--bcher-kva.example")]
    [InlineData("https://ｅｘａｍｐｌｅ。com", "example.com")]
    [InlineData("mailto:a@example.com", null)]
    [InlineData("https://localhost:3000", null)]
    [InlineData("https://127.0.0.1/", null)]
    [InlineData("https://[::1]/", null)]
    [InlineData("urn:ietf:wg:oauth:2.0:oob", null)]
    [InlineData("ms-appx-web://example.com", null)]
    [InlineData("https://a b.com", null)]
    [InlineData("https://\uD800.com", null)]
    [InlineData(null, null)]
    public void A_host_is_read_or_refused(string? url, string? expected)
    {
        Assert.Equal(expected, WebHost.Of(url));
    }

    [Theory]
    [InlineData("OpenAI, L.L.C.", "openai")]
    [InlineData("Jasper AI, Inc.", "jasperai")]
    [InlineData("DeepL SE", "deepl")]
    [InlineData("Limited", "limited")]
    [InlineData("  ", "")]
    public void A_publisher_is_compared_without_its_legal_form(string name, string expected)
    {
        Assert.Equal(expected, PublisherKey.Of(name));
    }

    [Theory]
    [InlineData("OpenAI", "ОреnАI")]
    [InlineData("microsoft", "m1cr0s0ft")]
    [InlineData("grammarly", "grarnmarly")]
    [InlineData("ChatGPT", "Chat\u200BGPT")]
    public void Texts_that_look_alike_have_one_skeleton(string one, string other)
    {
        Assert.Equal(Confusables.Skeleton(one), Confusables.Skeleton(other));
    }

    [Theory]
    [InlineData("chatgpt", "chatgtp", 1)]
    [InlineData("openai", "openai", 0)]
    [InlineData("microsoft", "mircosfot", 2)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void A_swap_of_neighbours_is_one_edit(string one, string other, int expected)
    {
        Assert.Equal(expected, EditDistance.Between(one, other));
        Assert.Equal(expected, EditDistance.Between(other, one));
    }
}
