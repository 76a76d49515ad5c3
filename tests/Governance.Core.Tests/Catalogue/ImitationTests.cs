using Governance.Core.Catalogue;
using Governance.Core.Consents;

namespace Governance.Core.Tests.Catalogue;

public sealed class ImitationTests
{
    private static readonly Guid Home = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly Guid Stranger = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly AppClassifier Classifier = new(ProductCatalogue.Embedded, Home);

    [Theory]
    [InlineData("ОpenAI", "mixedScript")]
    [InlineData("Miсrosoft Teams", "mixedScript")]
    [InlineData("Chat\u200BGPT", "confusable")]
    [InlineData("0penAI", "confusable")]
    [InlineData("Chat6PT", "confusable")]
    [InlineData("CIaude AI", "confusable")]
    [InlineData("Grarnmarly", "confusable")]
    [InlineData("𝗢𝗽𝗲𝗻𝗔𝗜", "confusable")]
    [InlineData("Micro$oft Teams", "confusable")]
    [InlineData("Microsft Copilot", "misspelling")]
    [InlineData("Chat GTP", "misspelling")]
    [InlineData("Gramarly", "misspelling")]
    [InlineData("OpenAl Support", "confusable")]
    [InlineData("OpenAl", "confusable")]
    [InlineData("OpenAI Support", "bait")]
    [InlineData("Vérification Microsoft 365", "bait")]
    [InlineData("DocuSign Security Update", "bait")]
    public void An_imitation_is_caught_by_its_technique(string name, string technique)
    {
        var judged = Classifier.Classify(App(name));

        Assert.NotNull(judged.Lookalike);
        Assert.Equal(technique, judged.Lookalike.Technique);
        Assert.NotEmpty(judged.Lookalike.Evidence);
        Assert.True(judged.Ai.Proof <= IdentityProof.Name);
    }

    [Theory]
    [InlineData("ChatGPT")]
    [InlineData("ChatGPT Enterprise SSO")]
    [InlineData("OpenAI API (Prod)")]
    [InlineData("Zapier for ChatGPT")]
    [InlineData("HubSpot + Slack")]
    [InlineData("DocuSign Connector")]
    [InlineData("Backup for Microsoft 365")]
    [InlineData("Okta Verify")]
    [InlineData("Zendesk Support")]
    [InlineData("Notation Software")]
    [InlineData("Clause Library")]
    [InlineData("Grammar School")]
    [InlineData("Jaspers Wine")]
    [InlineData("Slick Deals")]
    [InlineData("Zoomer Radio")]
    [InlineData("Canvas LMS")]
    [InlineData("OpenAL")]
    [InlineData("OpenAPI Explorer")]
    [InlineData("Open Air Festival")]
    [InlineData("Contoso AI Chatbot")]
    [InlineData("Trellis")]
    [InlineData("Claudette Boutique")]
    [InlineData("Бухгалтерия")]
    public void A_genuine_or_ordinary_name_is_not_accused(string name)
    {
        Assert.Null(Classifier.Classify(App(name)).Lookalike);
    }

    [Fact]
    public void A_fresh_registration_stands_beside_the_sign_and_accuses_nobody_by_itself()
    {
        var read = new DateTimeOffset(2026, 5, 20, 2, 0, 0, TimeSpan.Zero);
        var classifier = new AppClassifier(ProductCatalogue.Embedded, Home, read);

        var fresh = classifier.Classify(App("0penAI") with { CreatedAt = read.AddDays(-3) });
        var old = classifier.Classify(App("0penAI") with { CreatedAt = read.AddDays(-300) });
        var genuine = classifier.Classify(App("ChatGPT") with { CreatedAt = read.AddDays(-3) });

        Assert.Contains("came to the tenant on 2026-05-17, within 30 days of the scan", fresh.Lookalike!.Evidence);
        Assert.DoesNotContain(old.Lookalike!.Evidence, evidence => evidence.Contains("came to the tenant", StringComparison.Ordinal));
        Assert.Null(genuine.Lookalike);
    }

    [Fact]
    public void An_imitated_ai_brand_is_ai_with_a_name_as_its_only_proof()
    {
        var judged = Classifier.Classify(App("0penAI"));

        Assert.Equal(AiVerdict.Ai, judged.Ai.Verdict);
        Assert.Equal(IdentityProof.Name, judged.Ai.Proof);
        Assert.True(judged.Ai.Confidence <= 0.6);
    }

    [Fact]
    public void A_microsoft_name_from_another_tenant_has_the_wrong_owner()
    {
        var foreign = Classifier.Classify(App("Microsoft Teams Security Update") with { OwnerTenantId = Stranger });
        var ours = Classifier.Classify(App("Microsoft Teams Security Update") with { OwnerTenantId = Home });

        Assert.Equal("wrongOwner", foreign.Lookalike?.Technique);
        Assert.Null(ours.Lookalike);
    }

    [Fact]
    public void A_known_name_under_another_verified_publisher_is_accused()
    {
        var judged = Classifier.Classify(App("ChatGPT") with { VerifiedPublisher = new VerifiedPublisher("Brightwave Consulting", null, null) });

        Assert.Equal("wrongPublisher", judged.Lookalike?.Technique);
    }

    [Fact]
    public void A_known_name_that_leads_elsewhere_is_accused()
    {
        var judged = Classifier.Classify(App("Grammarly") with { ReplyUrls = ["https://writebetter.example.top/cb"], Homepage = "https://writebetter.example.top" });

        Assert.Equal("wrongDomain", judged.Lookalike?.Technique);
    }

    [Fact]
    public void A_generic_host_contradicts_nobody()
    {
        var judged = Classifier.Classify(App("Grammarly") with { ReplyUrls = ["https://grammarly-prod.auth0.com/login/callback"] });

        Assert.Null(judged.Lookalike);
    }

    [Fact]
    public void A_proven_publisher_may_write_its_name_as_it_likes()
    {
        var judged = Classifier.Classify(App("0penAI Support") with { VerifiedPublisher = new VerifiedPublisher("OpenAI, L.L.C.", null, null) });

        Assert.Null(judged.Lookalike);
    }

    [Fact]
    public void A_misspelt_publisher_is_seen_behind_an_innocent_name()
    {
        var judged = Classifier.Classify(App("Document Viewer") with { PublisherName = "Micros0ft" });

        Assert.Equal("Microsoft", judged.Lookalike?.Imitates);
    }

    private static ServicePrincipal App(string name) => new() { Id = Stranger, DisplayName = name };
}
