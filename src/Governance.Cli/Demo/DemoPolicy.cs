using System.Globalization;

namespace Governance.Cli.Demo;

/// <summary>What the made-up organisation decided, with days that fit the day the demo runs.</summary>
internal static class DemoPolicy
{
    /// <param name="today">Day of the last made-up scan.</param>
    /// <param name="ownAssistant">Application id of the organisation's own assistant.</param>
    public static string Text(DateOnly today, Guid ownAssistant) => $"""
        # What Brightwave Collective, the made-up organisation of the demo, decided about AI tools.
        # Check it with: governance policy validate governance.yaml

        version: 1

        departmentsOfInterest:
          - name: Marketing
            aliases: [Marketing DACH, Performance Marketing, Brand & Content, Social Media, Marketing & Kommunikation, Marketing et Communication, 市场部, Mktg, Content-Marketing]

        approved:
          - tool: DeepL
            tenantWide: true
            approvedOn: {Day(today, -200)}
            reviewBy: {Day(today, 160)}
            expiresOn: {Day(today, 165)}
            owner: Head of Localisation
          - tool: ChatGPT
            permissions: [openid, profile, email, offline_access, User.Read, Files.Read, Files.Read.All]
            tenantWide: true
            approvedOn: {Day(today, -120)}
            reviewBy: {Day(today, 60)}
            expiresOn: {Day(today, 245)}
            owner: Head of Content
            conditions: no customer data in prompts
          - tool: Grammarly
            approvedOn: {Day(today, -390)}
            expiresOn: {Day(today, -25)}
            owner: Head of Content
          - tool: Synthesia
            approvedOn: {Day(today, -90)}
            reviewBy: {Day(today, -5)}
            expiresOn: {Day(today, 275)}
            owner: Head of Video
          - tool: Beautiful.ai
            approvedOn: {Day(today, -150)}
            expiresOn: {Day(today, 215)}
            owner: Head of Design
          - tool: Langdock
            tenantWide: true
            approvedOn: {Day(today, -60)}
            expiresOn: {Day(today, 305)}
            owner: Head of Marketing Operations
          - tool: Moveworks
            tenantWide: true
            approvedOn: {Day(today, -300)}
            expiresOn: {Day(today, 65)}
            owner: IT Service Desk
          - tool: MailMaestro
            departments: [Marketing]
            approvedOn: {Day(today, -45)}
            expiresOn: {Day(today, 320)}
            owner: Head of CRM

          - appId: {ownAssistant}
            tenantWide: true
            approvedOn: {Day(today, -180)}
            reviewBy: {Day(today, 30)}
            owner: Head of IT
          - tool: Glean
            tenantWide: true
            approvedOn: {Day(today, -110)}
            expiresOn: {Day(today, 255)}
            owner: Head of IT
          - tool: Perplexity
            permissions: [openid, profile, email, offline_access, User.Read]
            approvedOn: {Day(today, -75)}
            expiresOn: {Day(today, 290)}
            owner: Head of Strategy
          - Gamma
          - Canva
          - Notion
          - tool: Zoom
            tenantWide: true
          - Runway
          - Descript
          - QuillBot
          - neuroflash
          - Smartcat
          - Avoma
          - tl;dv
          - Leonardo.Ai
          - Copy.ai
          - Writesonic
          - invideo AI
          - Julius AI

        denied:
          - tool: Otter.ai
            reason: records meetings of clients who did not agree
          - tool: Doubao
            reason: data leaves the regions that our clients allow

        underReview:
          - tool: Jasper
            dueOn: {Day(today, -9)}
          - tool: Fireflies.ai
            dueOn: {Day(today, 12)}
          - tool: Claude
            dueOn: {Day(today, 20)}

        kpiTargets:
          unapproved-ai-tools: 0
          approval-coverage: 90
          exposed-users-marketing: 0
          customer-data-exposure: 20
          overdue-reviews: 0
          governance-index: 80

        dormantAfterDays: 60
        smallestGroupShown: 5

        """;

    private static string Day(DateOnly today, int days) => today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
