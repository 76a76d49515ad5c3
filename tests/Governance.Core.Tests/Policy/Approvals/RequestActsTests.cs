using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;

namespace Governance.Core.Tests.Policy.Approvals;

public sealed class RequestActsTests
{
    private static readonly Person Ana = Some.Person("Ana");
    private static readonly Person Ben = Some.Person("Ben");
    private static readonly Person Cem = Some.Person("Cem");
    private static readonly Person Dea = Some.Person("Dea");
    private static readonly GovernancePolicy Policy = Some.Policy();

    private static GovernanceRecord Record(StoredLedger ledger) => GovernanceRecord.Of(ledger);

    private static StoredLedger Opened() => Some.Ledger(
        RequestActs.Open(GovernanceRecord.Empty, Ana, Ana, Some.Asked(), Some.Prefill, "write campaign texts", Policy, "by hand", Some.Moment));

    private static StoredLedger Signed()
    {
        var ledger = Opened();
        foreach (var (person, role) in new[] { (Ben, "marketing"), (Cem, "security"), (Dea, "legal") })
        {
            ledger = ledger.With(RequestActs.SignOff(Record(ledger), "R1", person, role, null, Some.Moment));
        }

        return ledger;
    }

    private static StoredLedger Approved(ApprovalScope? bounds = null)
    {
        var ledger = Signed();
        return ledger.With(RequestActs.Approve(Record(ledger), "R1", Cem, bounds, "no customer data", null, null, Policy, Some.Moment));
    }

    [Fact]
    public void A_request_says_what_it_needs_and_until_when()
    {
        var request = Record(Opened()).Request("R1");

        Assert.Equal((RequestState.Open, Some.Day.AddDays(14)), (request.State, request.DueOn));
        Assert.Equal(["legal", "marketing", "security"], request.MissingRoles);
        Assert.Equal(Some.Prefill, request.Risk);
    }

    [Fact]
    public void A_second_request_for_the_same_app_is_refused_while_one_is_open()
    {
        var open = Record(Opened());

        Assert.Throws<ActRefusedException>(() => RequestActs.Open(open, Ben, Ben, Some.Asked(), Some.Prefill, "too", Policy, "by hand", Some.Moment));
    }

    [Fact]
    public void Who_asked_can_neither_sign_off_nor_decide()
    {
        var open = Record(Opened());
        var signed = Record(Signed());

        Assert.Throws<ActRefusedException>(() => RequestActs.SignOff(open, "R1", Ana, "security", null, Some.Moment));
        Assert.Throws<ActRefusedException>(() => RequestActs.Approve(signed, "R1", Ana, null, null, null, null, Policy, Some.Moment));
        Assert.Throws<ActRefusedException>(() => RequestActs.Deny(signed, "R1", Ana, "no", Some.Moment));
    }

    [Fact]
    public void A_new_key_does_not_make_the_same_person_another_one()
    {
        var renamed = new Person("p-new", [Ana.Pseudonym]);

        Assert.Throws<ActRefusedException>(() => RequestActs.SignOff(Record(Opened()), "R1", renamed, "security", null, Some.Moment));
    }

    [Fact]
    public void One_person_signs_off_for_one_role_and_each_role_signs_once()
    {
        var ledger = Opened();
        ledger = ledger.With(RequestActs.SignOff(Record(ledger), "R1", Ben, "marketing", null, Some.Moment));

        Assert.Throws<ActRefusedException>(() => RequestActs.SignOff(Record(ledger), "R1", Ben, "security", null, Some.Moment));
        Assert.Throws<ActRefusedException>(() => RequestActs.SignOff(Record(ledger), "R1", Cem, "marketing", null, Some.Moment));
        Assert.Throws<ActRefusedException>(() => RequestActs.SignOff(Record(ledger), "R1", Cem, "king", null, Some.Moment));
    }

    [Fact]
    public void Nothing_is_approved_before_every_role_has_signed_off()
    {
        var refused = Assert.Throws<ActRefusedException>(() => RequestActs.Approve(Record(Opened()), "R1", Cem, null, null, null, null, Policy, Some.Moment));

        Assert.Contains("legal, marketing, security", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_approval_may_be_narrower_than_the_request_but_never_wider()
    {
        var signed = Record(Signed());
        var asked = Some.Asked();

        void Refused(ApprovalScope bounds) => Assert.Throws<ActRefusedException>(() => RequestActs.Approve(signed, "R1", Cem, bounds, null, null, null, Policy, Some.Moment));
        Refused(asked with { Permissions = asked.Permissions.Add("Mail.Read") });
        Refused(asked with { TenantWide = true });
        Refused(asked with { AppId = Some.Id(5) });
        Refused(asked with { OwnerTenantId = null });

        var narrow = Record(Approved(asked with { Permissions = ["User.Read"], Departments = ["Marketing"] })).DecisionOn(asked.AppId)!.Approval!;
        Assert.Equal(["User.Read"], narrow.Permissions!.Value.AsEnumerable());
        Assert.Equal(["Marketing"], narrow.Departments!.Value.AsEnumerable());
    }

    [Fact]
    public void An_approval_has_conditions_review_and_end()
    {
        var approval = Record(Approved()).DecisionOn(Some.Asked().AppId)!.Approval!;

        Assert.Equal((Some.Day.AddDays(180), Some.Day.AddDays(365)), (approval.ReviewBy, approval.ExpiresOn));
        Assert.Equal("no customer data", approval.Conditions);
    }

    [Fact]
    public void An_approval_that_ends_before_its_usual_review_is_reviewed_at_its_end()
    {
        var signed = Signed();

        var approved = Record(signed.With(RequestActs.Approve(Record(signed), "R1", Cem, null, null, null, Some.Day.AddDays(30), Policy, Some.Moment)));

        var approval = approved.DecisionOn(Some.Asked().AppId)!.Approval!;
        Assert.Equal((Some.Day.AddDays(30), Some.Day.AddDays(30)), (approval.ReviewBy, approval.ExpiresOn));
        Assert.Throws<ActRefusedException>(() => RequestActs.Approve(Record(signed), "R1", Cem, null, null, Some.Day.AddDays(31), Some.Day.AddDays(30), Policy, Some.Moment));
    }

    [Fact]
    public void A_decided_request_takes_no_further_act()
    {
        var approved = Record(Approved());

        Assert.Throws<ActRefusedException>(() => RequestActs.Approve(approved, "R1", Cem, null, null, null, null, Policy, Some.Moment));
        Assert.Throws<ActRefusedException>(() => RequestActs.Deny(approved, "R1", Cem, "no", Some.Moment));
        Assert.Throws<ActRefusedException>(() => RequestActs.SignOff(approved, "R1", Ben, "marketing", null, Some.Moment));
    }

    [Fact]
    public void A_withdrawn_approval_no_longer_counts_and_the_record_of_it_stays()
    {
        var ledger = Approved();
        ledger = ledger.With(RequestActs.Withdraw(Record(ledger), "R1", Ben, "vendor sold", Some.Moment));

        Assert.Null(Record(ledger).DecisionOn(Some.Asked().AppId));
        Assert.Equal(RequestState.Withdrawn, Record(ledger).Request("R1").State);
        Assert.Equal(6, Record(ledger).Entries.Length);
    }

    [Fact]
    public void Only_who_asked_withdraws_an_open_request()
    {
        Assert.Throws<ActRefusedException>(() => RequestActs.Withdraw(Record(Opened()), "R1", Ben, "no", Some.Moment));

        Assert.Equal("open", RequestActs.Withdraw(Record(Opened()), "R1", Ana, "found another", Some.Moment).Facts["before"]);
    }

    [Fact]
    public void A_renewal_names_what_it_renews_and_replaces_it_when_approved()
    {
        var ledger = Approved();
        ledger = ledger.With(RequestActs.Open(Record(ledger), Ben, Ana, Some.Asked(), Some.Prefill, "another year", Policy, "by hand", Some.Moment.AddDays(300)));

        Assert.Equal("R1", Record(ledger).Request("R6").Renews);
        Assert.Equal("R1", Record(ledger).DecisionOn(Some.Asked().AppId)!.RequestId);
    }

    [Fact]
    public void Recorded_decisions_stand_beside_the_file_and_a_denial_beats_an_approval()
    {
        var app = Some.App();
        var appId = app.Principal.AppId!.Value;
        var byFile = Some.Policy(approved: [Some.Approval(tenantWide: true)]);
        var denied = Some.Ledger(RequestActs.DenyApp(GovernanceRecord.Empty, appId, Ana, "records meetings", Some.Moment));

        Assert.Equal(GovernanceState.Approved, Some.StandingOf(app, Some.Classification(), byFile, Some.Day).State);
        Assert.Equal(GovernanceState.Denied, Some.StandingOf(app, Some.Classification(), byFile.With(Record(denied)), Some.Day).State);
        Assert.Equal(GovernanceState.Approved, Some.StandingOf(app, Some.Classification(), Policy.With(Record(Approved())), Some.Day).State);
        Assert.Equal(GovernanceState.UnderReview, Some.StandingOf(app, Some.Classification(), Policy.With(Record(Opened())), Some.Day).State);
        Assert.Equal(GovernanceState.Expired, Some.StandingOf(app, Some.Classification(), Policy.With(Record(Approved())), Some.Day.AddDays(366)).State);
    }

    [Fact]
    public void A_recorded_approval_binds_permissions_owner_tenant_and_kinds_of_data()
    {
        var policy = Policy.With(Record(Approved(Some.Asked())));
        GovernanceState State(Governance.Core.Consents.ConsentedApp app, params string[] opened) =>
            Some.StandingOf(app, Some.Classification(), policy, Some.Day, opened.Length == 0 ? null : _ => opened).State;

        Assert.Equal(GovernanceState.Drifted, State(Some.App(permissions: [Some.Scope("Mail.Read")])));
        Assert.Equal(GovernanceState.Drifted, State(Some.App(Some.Principal(ownerTenant: Some.Id(9)))));

        var bound = Some.Policy(approved: [Some.Approval() with { DataCategories = ["content"] }]);
        Assert.Equal(GovernanceState.Approved, Some.StandingOf(Some.App(), Some.Classification(), bound, Some.Day, _ => ["content"]).State);
        Assert.Equal(GovernanceState.Drifted, Some.StandingOf(Some.App(), Some.Classification(), bound, Some.Day, _ => ["content", "customerPii"]).State);
    }

    [Fact]
    public void The_version_of_a_policy_names_the_last_decision_it_holds()
    {
        Assert.Equal("000000000000+5", Policy.With(Record(Approved())).Version);
        Assert.Equal("000000000000", Policy.With(GovernanceRecord.Empty).Version);
    }

    [Fact]
    public void A_broken_ledger_decides_nothing()
    {
        var ledger = Approved();

        Assert.Throws<LedgerBrokenException>(() => Record(ledger with { Entries = ledger.Entries.RemoveAt(1) }));
    }
}
