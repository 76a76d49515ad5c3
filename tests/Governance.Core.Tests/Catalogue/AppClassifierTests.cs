using System.Globalization;
using System.Text;
using Governance.Core.Catalogue;
using Governance.Core.Consents;

namespace Governance.Core.Tests.Catalogue;

public sealed class AppClassifierTests
{
    private static readonly Guid Home = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Stranger = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly AppClassifier Classifier = new(ProductCatalogue.Embedded, Home);

    [Fact]
    public void A_known_app_id_outweighs_every_other_signal()
    {
        var known = ProductCatalogue.Embedded.Products.First(product => product.Kind == AiVerdict.Ai && product.AppIds.Length > 0);

        var judged = Classifier.Classify(App("Payroll Export") with { AppId = known.AppIds[0] });

        Assert.Equal(AiVerdict.Ai, judged.Ai.Verdict);
        Assert.Equal(IdentityProof.AppId, judged.Ai.Proof);
        Assert.Equal(known.Name, judged.Ai.Product);
        Assert.Equal("appId", judged.Ai.Evidence[0].Kind);
    }

    [Fact]
    public void What_a_person_confirmed_counts_before_publisher_and_name()
    {
        var id = Guid.Parse("33333333-3333-4333-8333-333333333333");
        var catalogue = ProductCatalogue.Embedded.WithLearnedAppIds([new LearnedApp(id, AiVerdict.NotAi, null)]);

        var judged = new AppClassifier(catalogue, Home).Classify(App("ChatGPT Enterprise") with { AppId = id });

        Assert.Equal(AiVerdict.NotAi, judged.Ai.Verdict);
        Assert.Equal(IdentityProof.AppId, judged.Ai.Proof);
    }

    [Fact]
    public void A_verified_publisher_identifies_a_vendor_of_ai_only()
    {
        var judged = Classifier.Classify(App("Enterprise Connector") with { VerifiedPublisher = new VerifiedPublisher("Anthropic, PBC", "1", null) });

        Assert.Equal(AiVerdict.Ai, judged.Ai.Verdict);
        Assert.Equal(IdentityProof.Publisher, judged.Ai.Proof);
    }

    [Fact]
    public void A_wide_vendor_picks_no_product()
    {
        var judged = Classifier.Classify(App("Expense Reader") with { VerifiedPublisher = new VerifiedPublisher("Microsoft Corporation", "1", null) });

        Assert.NotEqual(AiVerdict.Ai, judged.Ai.Verdict);
    }

    [Theory]
    [InlineData("https://auth.perplexity.ai/callback")]
    [InlineData("HTTPS://WWW.PERPLEXITY.AI:443/x?y=1")]
    [InlineData("https://user@perplexity.ai./")]
    public void A_reply_domain_identifies_a_product(string url)
    {
        var judged = Classifier.Classify(App("Research desk") with { ReplyUrls = [url] });

        Assert.Equal("Perplexity", judged.Ai.Product);
        Assert.Equal(IdentityProof.Domain, judged.Ai.Proof);
    }

    [Theory]
    [InlineData("javascript:alert('https://perplexity.ai')")]
    [InlineData("https://evil.example/perplexity.ai")]
    [InlineData("https://perplexity.ai.evil.example/")]
    [InlineData("https://notperplexity.ai/")]
    [InlineData("https://perplexity.ai@evil.example/")]
    [InlineData("https://evil.example\\@perplexity.ai/")]
    [InlineData("data:text/html,perplexity.ai")]
    [InlineData("file://perplexity.ai/x")]
    [InlineData("https://perplexity-ai.azurewebsites.net/")]
    public void A_host_that_only_mentions_a_product_identifies_nobody(string url)
    {
        var judged = Classifier.Classify(App("Research desk") with { ReplyUrls = [url], Homepage = url });

        Assert.NotEqual(AiVerdict.Ai, judged.Ai.Verdict);
        Assert.True(judged.Ai.Proof < IdentityProof.Domain);
    }

    [Fact]
    public void A_homepage_proves_nothing_when_replies_lead_elsewhere()
    {
        var judged = Classifier.Classify(App("Writing desk") with { Homepage = "https://openai.com", ReplyUrls = ["https://collector.example/cb"] });

        Assert.True(judged.Ai.Proof < IdentityProof.Domain);
    }

    [Theory]
    [InlineData("ChatGPT")]
    [InlineData("chat-gpt (Prod)")]
    [InlineData("Chat GPT EU")]
    [InlineData("CHATGPT ENTERPRISE SSO")]
    [InlineData("MyChatGPT2")]
    [InlineData("ＣｈａｔＧＰＴ 連携")]
    [InlineData("Fireflies.ai Notetaker for Outlook")]
    [InlineData("Contoso GPT")]
    [InlineData("KI-Assistent Vertrieb")]
    [InlineData("Assistant IA")]
    [InlineData("人工智能平台")]
    [InlineData("生成AIポータル")]
    [InlineData("HR-Chatbot")]
    [InlineData("Foobar AI")]
    public void Names_that_say_ai_are_ai(string name)
    {
        Assert.Equal(AiVerdict.Ai, Classifier.Classify(App(name)).Ai.Verdict);
    }

    [Theory]
    [InlineData("Dubai Expenses")]
    [InlineData("Clawson Payroll")]
    [InlineData("Airtable Sync")]
    [InlineData("Mail Merge")]
    [InlineData("Kai Planner")]
    [InlineData("Mount Sinai Portal")]
    [InlineData("Bolivia Office")]
    [InlineData("A.I. Smith Plumbing")]
    [InlineData("AI Ltd Ledger")]
    [InlineData("Accounts Inbox (AI)")]
    [InlineData("GPT Disk Partition Tool")]
    [InlineData("LLM Law Admissions")]
    [InlineData("Jasper Wines")]
    [InlineData("Super Human Resources")]
    [InlineData("Chatham Egpty")]
    public void Letters_inside_other_words_are_not_ai(string name)
    {
        Assert.NotEqual(AiVerdict.Ai, Classifier.Classify(App(name)).Ai.Verdict);
    }

    [Theory]
    [InlineData("Slack AI", AiVerdict.Ai)]
    [InlineData("Zapier for ChatGPT", AiVerdict.AiFeature)]
    [InlineData("GPT for Excel", AiVerdict.Ai)]
    public void What_follows_a_connecting_word_is_what_the_app_works_with(string name, AiVerdict expected)
    {
        Assert.Equal(expected, Classifier.Classify(App(name)).Ai.Verdict);
    }

    [Fact]
    public void Words_alone_never_give_more_than_medium_confidence()
    {
        var judged = Classifier.Classify(App("Generative AI GPT LLM Chatbot Copilot Notetaker Assistant") with { Homepage = "https://words-only.ai" });

        Assert.True(judged.Ai.Confidence <= 0.6);
        Assert.Equal(IdentityProof.None, judged.Ai.Proof);
    }

    [Fact]
    public void An_ai_domain_alone_leaves_the_app_unknown()
    {
        var judged = Classifier.Classify(App("Ferry Booking") with { Homepage = "https://ferries.ai" });

        Assert.Equal(AiVerdict.Unknown, judged.Ai.Verdict);
        Assert.InRange(judged.Ai.Confidence, 0.1, 0.5);
        Assert.Contains(judged.Ai.Evidence, signal => signal.Kind == "aiDomain");
    }

    [Fact]
    public void An_internal_app_with_an_ai_name_is_ai_and_marked_internal()
    {
        var judged = Classifier.Classify(App("OpenAI API (Prod)") with { OwnerTenantId = Home });

        Assert.Equal(AiVerdict.Ai, judged.Ai.Verdict);
        Assert.True(judged.Ai.Internal);
        Assert.Null(judged.Lookalike);
    }

    [Fact]
    public void Microsofts_apps_are_known_by_owner_tenant_and_by_reserved_id()
    {
        var owned = Classifier.Classify(App("Tool") with { OwnerTenantId = Guid.Parse("f8cdef31-a31e-4b4a-93e4-5f571e91255a") });
        var graph = Classifier.Classify(App("Microsoft Graph") with { AppId = Guid.Parse("00000003-0000-0000-c000-000000000000") });
        var other = Classifier.Classify(App("Microsoft Graph") with { AppId = Stranger });

        Assert.True(owned.FirstParty);
        Assert.True(graph.FirstParty);
        Assert.False(other.FirstParty);
    }

    [Fact]
    public void Evidence_comes_heaviest_first()
    {
        var judged = Classifier.Classify(App("Perplexity AI Chatbot") with { ReplyUrls = ["https://perplexity.ai/x"], VerifiedPublisher = new VerifiedPublisher("Perplexity AI, Inc.", null, null) });

        var weights = judged.Ai.Evidence.Select(signal => Math.Abs(signal.Weight)).ToList();
        Assert.Equal(weights.OrderDescending(), weights);
        Assert.All(judged.Ai.Evidence, signal => Assert.InRange(signal.Weight, -1, 1));
    }

    [Fact]
    public void Any_text_is_judged_without_exception_and_the_same_each_time()
    {
        var random = new Random(20261122);
        string[] seeds = ["ChatGPT", "Mіcrosoft", "\u200B", "\u202E", "\uD800", "\uDC00", "AI", "𝗔", "ﷺ", "e\u0301", "\0", "株", "@", "$", ".", "-", " ", "0", "İ", "\uFFFE"];
        for (var round = 0; round < 3000; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(24); length > 0; length--)
            {
                text.Append(random.Next(2) == 0 ? seeds[random.Next(seeds.Length)] : ((char)random.Next(0x10000)).ToString());
            }

            var hostile = text.ToString();
            var app = App(hostile) with { PublisherName = hostile, Homepage = "https://" + hostile, ReplyUrls = [hostile, "https://" + hostile + ".ai/x"], VerifiedPublisher = round % 3 == 0 ? new VerifiedPublisher(hostile, null, null) : null };

            var once = Classifier.Classify(app);
            var again = Classifier.Classify(app);

            Assert.InRange(once.Ai.Confidence, 0, 1);
            Assert.Equal(once.Ai with { Evidence = [] }, again.Ai with { Evidence = [] });
            Assert.Equal(once.Ai.Evidence.AsEnumerable(), again.Ai.Evidence);
            Assert.Equal(once.Lookalike?.Imitates, again.Lookalike?.Imitates);
            Assert.True(once.Lookalike is null || once.Ai.Proof <= IdentityProof.Name);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200B\u200B")]
    public void An_app_without_a_name_is_unknown(string? name)
    {
        var judged = Classifier.Classify(App(name));

        Assert.Equal(AiVerdict.Unknown, judged.Ai.Verdict);
        Assert.Equal(0, judged.Ai.Confidence);
        Assert.Empty(judged.Ai.Evidence);
        Assert.Null(judged.Lookalike);
    }

    [Fact]
    public void A_very_long_name_is_judged_by_its_beginning()
    {
        var judged = Classifier.Classify(App("ChatGPT " + new string('x', 10_000) + string.Concat(Enumerable.Repeat(" a1B", 10_000))));

        Assert.Equal(AiVerdict.Ai, judged.Ai.Verdict);
        Assert.All(judged.Ai.Evidence, signal => Assert.True(signal.Value.Length <= 1024, signal.Value.Length.ToString(CultureInfo.InvariantCulture)));
    }

    private static ServicePrincipal App(string? name) => new() { Id = Stranger, DisplayName = name };
}
