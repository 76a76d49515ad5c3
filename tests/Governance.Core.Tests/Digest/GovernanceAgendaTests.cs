using Governance.Core.Digest;
using Governance.Core.Findings;
using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Tests.Digest;

public sealed class GovernanceAgendaTests
{
    private static readonly DateOnly Today = Some.Day;
    private static readonly GovernancePolicy Policy = GovernancePolicy.BuiltIn;

    private static AssessedApp[] Apps => [Some.Assessed(1), Some.Assessed(2, GovernanceState.Approved)];

    private static GovernanceAgenda Agenda(GovernancePolicy policy, GovernanceRecord? record = null) => GovernanceAgenda.Of(policy, record ?? GovernanceRecord.Empty, [.. Apps], Today);

    private static GovernanceRecord Record(params Func<GovernanceRecord, LedgerDraft>[] acts)
    {
        var ledger = StoredLedger.Empty(Some.TenantId);
        foreach (var act in acts)
        {
            ledger = ledger.With(act(GovernanceRecord.Of(ledger)));
        }

        return GovernanceRecord.Of(ledger);
    }

    private static LedgerDraft Ask(GovernanceRecord record) =>
        RequestActs.Open(record, Some.Person("Ana"), Some.Person("Ana"), Some.Asked(), Some.Prefill, "texts", Policy, "test", Some.Moment.AddDays(-3));

    private static Func<GovernanceRecord, LedgerDraft> Sign(string role) => record => RequestActs.SignOff(record, "R1", Some.Person(role), role, null, Some.Moment);

    private static LedgerDraft Approve(GovernanceRecord record) =>
        RequestActs.Approve(record, "R1", Some.Person("Cem"), null, "no customer data", null, null, Policy, Some.Moment);

    private static ToolApproval Approval(string tool, int? review, int? end) => new(
        new ToolReference(tool, null, null), null, null, false, null, review is { } r ? Today.AddDays(r) : null, end is { } e ? Today.AddDays(e) : null, "Petra Person", null);

    [Fact]
    public void A_request_shows_the_app_what_it_waits_for_since_when_and_until_when()
    {
        var pending = Assert.Single(Agenda(Policy, Record(Ask, Sign("security"))).Pending);

        Assert.Equal(Apps[0].App.Principal.Name, pending.App);
        Assert.Equal(GovernanceState.Unapproved, pending.State);
        Assert.Equal<string>(["legal", "marketing"], pending.MissingRoles);
        Assert.Equal((Today.AddDays(-3), Today.AddDays(11)), (pending.Since, pending.Due));
    }

    [Fact]
    public void A_request_that_all_roles_signed_waits_for_the_decision_and_leaves_the_list_with_it()
    {
        var signed = Record(Ask, Sign("security"), Sign("marketing"), Sign("legal"));
        var decided = Record(Ask, Sign("security"), Sign("marketing"), Sign("legal"), Approve);

        Assert.Empty(Assert.Single(Agenda(Policy, signed).Pending).MissingRoles);
        Assert.Empty(Agenda(Policy, decided).Pending);
        var held = Assert.Single(Agenda(Policy, decided).Approvals);
        Assert.Equal(("no customer data", Today.AddDays(180), Today.AddDays(365)), (held.Approval.Conditions, held.Approval.ReviewBy, held.Approval.ExpiresOn));
    }

    [Theory]
    [InlineData(31, null, null, false)]
    [InlineData(30, null, 30, false)]
    [InlineData(0, null, 0, false)]
    [InlineData(-1, null, -1, false)]
    [InlineData(null, -1, -1, true)]
    [InlineData(-9, -2, -2, true)]
    [InlineData(5, 9, 5, false)]
    [InlineData(9, 5, 5, true)]
    [InlineData(-40, 200, -40, false)]
    [InlineData(null, null, null, false)]
    public void An_approval_is_due_once_by_its_end_or_by_its_review(int? review, int? end, int? due, bool ends)
    {
        var found = Agenda(Policy with { Approved = [Approval("Chat Tool", review, end)] }).Due;

        if (due is null)
        {
            Assert.Empty(found);
            return;
        }

        var only = Assert.Single(found);
        Assert.Equal((Today.AddDays(due.Value), ends, due < 0), (only.On, only.Ends, only.Past));
    }

    [Fact]
    public void What_was_denied_later_is_no_approval_any_more()
    {
        var record = Record(Ask, Sign("security"), Sign("marketing"), Sign("legal"), Approve, known => RequestActs.DenyApp(known, Some.Asked().AppId, Some.Person("Dea"), "sold", Some.Moment));

        Assert.Empty(Agenda(Policy, record).Approvals);
    }

    [Fact]
    public void No_person_is_named_in_any_language_to_any_audience()
    {
        var record = Record(Ask, Sign("security"));
        var policy = Policy with { Approved = [Approval("Chat Tool", -4, 20)], UnderReview = [new ToolReview(new ToolReference("Other Tool", null, null), null)] };
        foreach (var tag in Language.Tags)
        {
            foreach (var audience in Enum.GetValues<DigestAudience>())
            {
                var text = DigestText.Of(DigestComposer.Compose(
                    new DigestInput("Tenant", Some.Moment, false, [], [.. Apps], [], [], [], policy) { Record = record }, audience, tag));

                Assert.DoesNotContain("Petra", text, StringComparison.Ordinal);
                Assert.DoesNotContain(Some.Person("Ana").Pseudonym, text, StringComparison.Ordinal);
                Assert.Contains("Other Tool", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_ledger_that_does_not_hold_is_said_first_and_the_policy_still_shows()
    {
        var policy = Policy with { UnderReview = [new ToolReview(new ToolReference("Other Tool", null, null), Today.AddDays(2))] };
        var input = new DigestInput("Tenant", Some.Moment, false, [], [.. Apps], [], [], [], policy) { Record = null };

        var lines = DigestComposer.Compose(input, DigestAudience.Executive, "en").Sections.Single(section => section.Key == "section.agenda").Lines;

        Assert.Equal(2, lines.Length);
        Assert.Contains("does not verify", lines[0].Text.ToPlainText(), StringComparison.Ordinal);
        Assert.Contains("Other Tool", lines[1].Text.ToPlainText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaders_are_told_how_many_requests_of_users_have_waited_too_long()
    {
        var findings = new[] { Some.Finding("pending-request-overdue", 1), Some.Finding("pending-request-overdue", 2), Some.Finding("pending-request-overdue", 3, resolved: Some.Moment) };
        var input = new DigestInput("Tenant", Some.Moment, false, [], [], [.. findings], [], [], Policy);

        var lines = DigestComposer.Compose(input, DigestAudience.Executive, "en").Sections.Single(section => section.Key == "section.agenda").Lines;

        Assert.Equal("2 consent requests wait in Entra past their deadline", Assert.Single(lines).Text.ToPlainText());
        Assert.Empty(DigestComposer.Compose(input with { Findings = [findings[2]] }, DigestAudience.Executive, "en").Sections.Single(section => section.Key == "section.agenda").Lines);
    }

    [Fact]
    public void Overdue_comes_first_and_what_the_leaders_list_leaves_out_is_counted()
    {
        var policy = Policy with { Approved = [.. Enumerable.Range(1, 9).Select(n => Approval($"Tool {n}", n == 9 ? -1 : n, null))] };

        var section = DigestComposer.Compose(new DigestInput("Tenant", Some.Moment, false, [], [], [], [], [], policy), DigestAudience.Executive, "en")
            .Sections.Single(section => section.Key == "section.agenda");

        Assert.Equal((5, 9), (section.Lines.Length, section.Total));
        Assert.Contains("Tool 9", section.Lines[0].Text.ToPlainText(), StringComparison.Ordinal);
    }
}
