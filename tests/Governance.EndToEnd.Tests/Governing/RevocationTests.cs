using Governance.Core.Policy;
using Governance.Core.Policy.Approvals;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;
using Governance.Simulator;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>No destructive call without a sign-off for exactly this, an undo record before it, and a limit (RV-1 to RV-8, CP-6, CP-7).</summary>
public sealed class RevocationTests
{
    [Fact]
    public async Task RV_1_without_a_sign_off_no_write_leaves_the_process()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync());

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync("V999"));

        Assert.Empty(tenant.Simulator.Requests.Entries);
    }

    [Fact]
    public async Task RV_1_a_sign_off_for_another_plan_is_refused()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync());
        var ben = await tenant.PersonAsync("Ben");

        await Assert.ThrowsAsync<ActRefusedException>(() =>
            tenant.ActAsync(known => RevocationActs.Approve(known, order.Id, ben, new string('0', 64), tenant.Policy, tenant.Time.GetUtcNow())));
    }

    [Fact]
    public async Task RV_1_when_another_tenant_answers_nothing_is_written()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync(), "Ben");
        var other = new ElsewhereWriter(tenant.Writer(), Guid.NewGuid());

        var refused = await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id, writer: other));

        Assert.Contains("answers", refused.Message, StringComparison.Ordinal);
        Assert.Empty(tenant.Writes);
        Assert.Equal(OrderState.SignedOff, (await tenant.RecordAsync()).Order(order.Id).State);
    }

    [Fact]
    public async Task RV_2_a_dry_run_shows_the_whole_plan_and_writes_nothing()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var before = (await tenant.RecordAsync()).Head;

        var report = await tenant.ExecuteAsync(order.Id, dryRun: true);

        Assert.Equal(app.App.Grants, report.Items.Length);
        Assert.All(report.Items, item => Assert.Equal("wouldRevoke", item.Outcome));
        Assert.Empty(tenant.Writes);
        Assert.Equal(before, (await tenant.RecordAsync()).Head);
    }

    [Fact]
    public async Task RV_3_one_signature_where_two_are_needed_is_not_enough_and_the_same_person_counts_once()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        tenant.Policy = tenant.Policy with { Revocation = tenant.Policy.Revocation with { Approvers = 2 } };
        var order = await tenant.OrderAsync(await tenant.UserAppAsync(), "Ben");

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
        foreach (var name in new[] { "Ben", "  BEN ", "Paula Planner" })
        {
            var person = await tenant.PersonAsync(name);
            await Assert.ThrowsAsync<ActRefusedException>(() =>
                tenant.ActAsync(known => RevocationActs.Approve(known, order.Id, person, order.Fingerprint, tenant.Policy, tenant.Time.GetUtcNow())));
        }

        await tenant.Kept.Persons.RotateAsync(tenant.Id, default);
        var again = await tenant.PersonAsync("Ben");
        await Assert.ThrowsAsync<ActRefusedException>(() =>
            tenant.ActAsync(known => RevocationActs.Approve(known, order.Id, again, order.Fingerprint, tenant.Policy, tenant.Time.GetUtcNow())));
        Assert.Empty(tenant.Writes);
    }

    [Fact]
    public async Task RV_3_a_policy_that_asks_for_more_people_later_asks_this_order_too()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync(), "Ben");
        tenant.Policy = tenant.Policy with { Revocation = tenant.Policy.Revocation with { Approvers = 2 } };

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));

        Assert.Empty(tenant.Writes);
    }

    [Theory]
    [InlineData("widened")]
    [InlineData("added")]
    public async Task RV_4_what_changed_since_the_plan_needs_a_new_sign_off(string change)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var grant = tenant.GrantsOf(app)[0];
        var stranger = tenant.Simulator.Tenant.Users.First(user => tenant.GrantsOf(app).All(held => held.PrincipalId != user.Id)).Id;
        tenant.Simulator.Tenant.Change(now => now.Put(change == "widened" ? grant with { Scope = grant.Scope + " Mail.Send" } : grant with { PrincipalId = stranger }));

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
        var again = await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));

        Assert.Contains("voided", again.Message, StringComparison.Ordinal);
        Assert.Empty(tenant.Writes);
    }

    [Fact]
    public async Task A_signed_off_order_takes_away_exactly_what_it_names_and_reads_it_back()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var others = tenant.Simulator.Tenant.GrantCount - app.App.Grants;

        var report = await tenant.ExecuteAsync(order.Id);

        Assert.All(report.Items, item => Assert.Equal("revoked", item.Outcome));
        Assert.Empty(tenant.GrantsOf(app));
        Assert.Equal(others, tenant.Simulator.Tenant.GrantCount);
        var record = await tenant.RecordAsync();
        Assert.Equal(OrderState.Executed, record.Order(order.Id).State);
        Assert.Equal(report.Items.Length, tenant.Writes.Count);
        Assert.Equal(report.Items.Length, record.Entries.Count(entry => entry.Entry.Kind == LedgerKinds.RevocationIntended && entry.Part is not null));
        Assert.Equal(report.Items.Length, record.Entries.Count(entry => entry.Entry.Kind == LedgerKinds.RevocationDone));
        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
    }

    [Fact]
    public async Task The_undo_record_is_stored_before_the_call()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync(), "Ben");
        var writer = new WatchingWriter(tenant.Writer(), async () => (await tenant.RecordAsync()).Order(order.Id));

        await tenant.ExecuteAsync(order.Id, writer: writer);

        Assert.Equal(order.Items, writer.SeenBefore.Count);
        Assert.All(writer.SeenBefore, seen => Assert.Contains(seen.Order.Undo.Values, undo => undo == seen.Item));
    }

    [Fact]
    public async Task RV_5_what_is_gone_already_is_said_to_be_gone()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var gone = tenant.GrantsOf(app)[0];
        tenant.Simulator.Tenant.Change(change => change.Remove(gone));

        var report = await tenant.ExecuteAsync(order.Id);

        Assert.Equal("alreadyGone", report.Items.Single(item => item.Item.Id == gone.Id).Outcome);
        Assert.Equal(app.App.Grants - 1, report.Items.Count(item => item.Outcome == "revoked"));
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("503")]
    [InlineData("reset")]
    [InlineData("cut-length")]
    public async Task RV_5_an_answer_that_does_not_come_is_read_back_before_any_repeat(string fault)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var writer = new LosingWriter(tenant.Writer(), applied: fault is "silence" or "cut-length");

        var report = await tenant.ExecuteAsync(order.Id, writer: writer);

        Assert.Null(report.Stopped);
        Assert.All(report.Items, item => Assert.Equal("revoked", item.Outcome));
        Assert.Empty(tenant.GrantsOf(app));
        Assert.Equal(fault is "silence" or "cut-length" ? order.Items : order.Items + 1, writer.Deletes);
        Assert.Equal("delete read", string.Join(' ', writer.Calls.Take(2)));
    }

    [Theory]
    [InlineData("503@oauth2PermissionGrants/*")]
    [InlineData("reset@oauth2PermissionGrants/*")]
    public async Task RV_5_a_fault_of_Graph_on_a_delete_ends_in_the_same_state(string fault)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        tenant.Simulator.Faults.Add(fault);

        var report = await tenant.ExecuteAsync(order.Id);

        Assert.Equal(1, tenant.Simulator.Faults.Fired);
        Assert.Null(report.Stopped);
        Assert.Empty(tenant.GrantsOf(app));
    }

    [Fact]
    public async Task RV_6_an_undo_gives_back_the_same_scopes_principals_and_resources()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var before = tenant.GrantsOf(app).OrderBy(grant => grant.Id, StringComparer.Ordinal).ToArray();
        var order = await tenant.OrderAsync(app, "Ben");
        await tenant.ExecuteAsync(order.Id);

        var dry = await tenant.UndoAsync(order.Id, dryRun: true);
        Assert.Empty(tenant.GrantsOf(app));
        var report = await tenant.UndoAsync(order.Id);

        Assert.All(dry.Items, item => Assert.Equal("wouldRestore", item.Outcome));
        Assert.All(report.Items, item => Assert.Equal("restored", item.Outcome));
        Assert.Equal(before, tenant.GrantsOf(app).OrderBy(grant => grant.Id, StringComparer.Ordinal));
        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.UndoAsync(order.Id));
    }

    [Fact]
    public async Task RV_6_app_role_assignments_are_taken_away_and_put_back_too()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = (await tenant.StateAsync()).Apps.First(known => known.App.AppRoles > 0 && known.App.Grants < 50 && !known.Classification.FirstParty);
        var before = Roles();
        var order = await tenant.OrderAsync(app, "Ben");

        var names = tenant.Simulator.Tenant.ServicePrincipals.SelectMany(principal => principal.AppRoles).ToDictionary(role => role.Id, role => role.Value);
        var roles = order.Plan!.Items.OfType<RevocationItem.Assignment>().ToArray();
        Assert.NotEmpty(roles);
        Assert.All(roles, role => Assert.Equal(names[role.RoleId], role.RoleName));
        var graph = new[] { "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_TEST_TOKEN", "--data", tenant.Data };
        var shown = await Cli.Run.Of(["revoke", "execute", order.Id, "--as", "Olga", .. graph]);
        Assert.All(roles, role => Assert.Contains($"app role {role.RoleName} ({role.RoleId}) on ", shown.Output, StringComparison.Ordinal));

        Assert.Null((await tenant.ExecuteAsync(order.Id)).Stopped);
        Assert.Empty(Roles());
        Assert.Null((await tenant.UndoAsync(order.Id)).Stopped);

        Assert.Equal(before, Roles());

        (Guid, Guid)[] Roles() =>
            [.. tenant.Simulator.Tenant.AppRoleAssignments.Where(row => row.PrincipalId == app.Id && row.AppRoleId != Guid.Empty).Select(row => (row.ResourceId, row.AppRoleId)).Order()];
    }

    [Fact]
    public async Task RV_7_an_order_beyond_the_limits_or_on_a_protected_app_is_refused_as_a_whole()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var standard = tenant.Policy;
        foreach (var limits in new[]
        {
            standard.Revocation with { MostItems = app.App.Grants - 1 },
            standard.Revocation with { MostUsers = app.App.Reach.Users - 1 },
            standard.Revocation with { ProtectedApps = [app.App.Principal.AppId!.Value] },
        })
        {
            tenant.Policy = standard with { Revocation = limits };
            await Assert.ThrowsAsync<ActRefusedException>(() => tenant.OrderAsync(app));
        }

        // A limit that came after the sign-off holds as well.
        tenant.Policy = standard;
        var order = await tenant.OrderAsync(app, "Ben");
        tenant.Policy = standard with { Revocation = standard.Revocation with { ProtectedApps = [app.App.Principal.AppId!.Value] } };
        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
        Assert.Empty(tenant.Simulator.Requests.Entries);
    }

    [Fact]
    public async Task RV_8_without_the_right_to_write_the_order_stays_signed_off_and_says_so()
    {
        await using var tenant = await GovernedTenant.StartAsync(options: new SimulatorOptions { Rights = new HashSet<string> { "Directory.Read.All", "Application.Read.All", "User.Read.All", "Organization.Read.All" } });
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");

        var report = await tenant.ExecuteAsync(order.Id);

        Assert.True(report.AccessDenied);
        Assert.Contains("DelegatedPermissionGrant.ReadWrite.All", report.Stopped, StringComparison.Ordinal);
        var after = (await tenant.RecordAsync()).Order(order.Id);
        Assert.Equal((OrderState.SignedOff, report.Stopped), (after.State, after.Failure));
        Assert.Single(tenant.Writes);
        Assert.Equal(app.App.Grants, tenant.GrantsOf(app).Count);
    }

    [Fact]
    public async Task CP_7_an_execution_that_broke_off_can_be_run_again_and_undone_whole()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var before = tenant.GrantsOf(app).OrderBy(grant => grant.Id, StringComparer.Ordinal).ToArray();
        var order = await tenant.OrderAsync(app, "Ben");

        await Assert.ThrowsAsync<IOException>(() => tenant.ExecuteAsync(order.Id, writer: new DyingWriter(tenant.Writer(), after: 2)));
        var deletes = tenant.Writes.Count;
        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
        tenant.Time.Now += RevocationActs.TakenFor;
        var report = await tenant.ExecuteAsync(order.Id);

        Assert.Null(report.Stopped);
        Assert.Empty(tenant.GrantsOf(app));
        Assert.Equal(OrderState.Executed, (await tenant.RecordAsync()).Order(order.Id).State);
        Assert.Equal((3, order.Items), (deletes, tenant.Writes.Count));
        Assert.All(report.Items, item => Assert.Equal("revoked", item.Outcome));
        await tenant.UndoAsync(order.Id);
        Assert.Equal(before, tenant.GrantsOf(app).OrderBy(grant => grant.Id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task CC_2_who_comes_while_an_order_is_carried_out_or_undone_is_refused_and_the_first_ends_it()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var before = tenant.GrantsOf(app).OrderBy(grant => grant.Id, StringComparer.Ordinal).ToArray();
        var order = await tenant.OrderAsync(app, "Ben");
        var second = 0;
        var writer = new WatchingWriter(tenant.Writer(), async () =>
        {
            await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
            await Assert.ThrowsAsync<ActRefusedException>(() => tenant.UndoAsync(order.Id));
            Assert.True((await tenant.ExecuteAsync(order.Id, dryRun: true)).DryRun);
            second++;
            return (await tenant.RecordAsync()).Order(order.Id);
        });

        var report = await tenant.ExecuteAsync(order.Id, writer: writer);

        Assert.Null(report.Stopped);
        Assert.Equal((order.Items, order.Items), (second, tenant.Writes.Count));
        var record = await tenant.RecordAsync();
        Assert.Equal(OrderState.Executed, record.Order(order.Id).State);
        Assert.Equal(order.Items, record.Entries.Count(entry => entry.Entry.Kind == LedgerKinds.RevocationDone));
        var undone = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            try
            {
                return (await tenant.UndoAsync(order.Id)).Items.Length;
            }
            catch (ActRefusedException)
            {
                return 0;
            }
        }));
        Assert.Equal([0, 0, order.Items], undone.Order());
        Assert.Equal(before, tenant.GrantsOf(app).OrderBy(grant => grant.Id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task CC_2_an_order_that_a_fault_ended_is_free_at_once()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");

        await Assert.ThrowsAsync<OperationCanceledException>(() => tenant.ExecuteAsync(order.Id, writer: new CancelledWriter(tenant.Writer())));
        Assert.Null((await tenant.ExecuteAsync(order.Id)).Stopped);

        Assert.Empty(tenant.GrantsOf(app));
    }

    [Fact]
    public async Task CC_2_who_was_silent_too_long_and_lost_the_order_goes_no_further()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var writer = new WatchingWriter(tenant.Writer(), async () =>
        {
            tenant.Time.Now += RevocationActs.TakenFor;
            Assert.Null((await tenant.ExecuteAsync(order.Id)).Stopped);
            return (await tenant.RecordAsync()).Order(order.Id);
        });

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id, writer: writer));

        Assert.Single(writer.SeenBefore);
        var record = await tenant.RecordAsync();
        Assert.Equal(OrderState.Executed, record.Order(order.Id).State);
        Assert.All(record.Order(order.Id).Done.Values, outcome => Assert.Equal("revoked", outcome));
        Assert.DoesNotContain(record.Entries, entry => entry.Entry.Kind == LedgerKinds.RevocationReleased);
    }

    [Fact]
    public async Task CC_2_others_who_act_meanwhile_do_not_break_an_execution_off()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var other = (await tenant.StateAsync()).Apps.Where(known => known.Id != app.Id && known.App.Principal.AppId is not null).Select(known => known.App.Principal.AppId!.Value).GetEnumerator();
        var order = await tenant.OrderAsync(app, "Ben");
        var cem = await tenant.PersonAsync("Cem");
        var writer = new WatchingWriter(tenant.Writer(), async () =>
        {
            other.MoveNext();
            return (await tenant.ActAsync(known => RequestActs.DenyApp(known, other.Current, cem, "meanwhile", tenant.Time.GetUtcNow()))).Order(order.Id);
        });

        var report = await tenant.ExecuteAsync(order.Id, writer: writer);

        Assert.Null(report.Stopped);
        var record = await tenant.RecordAsync();
        Assert.Equal((OrderState.Executed, order.Items), (record.Order(order.Id).State, record.Order(order.Id).Done.Count));
        Assert.Equal(order.Items, record.Decisions.Count);
    }

    [Fact]
    public async Task CC_2_an_order_declined_while_it_is_carried_out_goes_no_further()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var cem = await tenant.PersonAsync("Cem");
        var seen = 0;
        var writer = new WatchingWriter(tenant.Writer(), async () => seen++ == 0
            ? (await tenant.ActAsync(known => RevocationActs.Decline(known, order.Id, cem, tenant.Time.GetUtcNow()))).Order(order.Id)
            : (await tenant.RecordAsync()).Order(order.Id));

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id, writer: writer));

        // The consent that was being taken away when the no came is recorded; no other is touched.
        Assert.Single(tenant.Writes);
        var after = (await tenant.RecordAsync()).Order(order.Id);
        Assert.Equal((OrderState.Declined, 1), (after.State, after.Done.Count));
        Assert.Equal("restored", Assert.Single((await tenant.UndoAsync(order.Id)).Items).Outcome);
        Assert.Equal(app.App.Grants, tenant.GrantsOf(app).Count);
    }

    [Fact]
    public async Task AP_4_a_ledger_that_does_not_hold_stops_every_revocation_and_no_scan()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync(), "Ben");
        File.Delete(Path.Combine(tenant.Data, "ledger-heads", tenant.Id.ToString()));

        await Assert.ThrowsAsync<LedgerBrokenException>(() => tenant.ExecuteAsync(order.Id));

        Assert.Empty(tenant.Simulator.Requests.Entries);
        Assert.Equal(0, (await tenant.ScanAsync()).Code);
    }

    [Fact]
    public async Task A_sign_off_grows_too_old()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync(), "Ben");
        tenant.Time.Now = tenant.Time.Now.AddDays(8);

        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));

        Assert.Empty(tenant.Writes);
    }

    [Fact]
    public async Task CC_2_two_people_who_sign_and_one_who_declines_at_once_leave_one_outcome()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var order = await tenant.OrderAsync(await tenant.UserAppAsync());
        var (ben, cem, dea) = (await tenant.PersonAsync("Ben"), await tenant.PersonAsync("Cem"), await tenant.PersonAsync("Dea"));

        var acts = await Task.WhenAll(
            Tried(known => RevocationActs.Approve(known, order.Id, ben, order.Fingerprint, tenant.Policy, tenant.Time.GetUtcNow())),
            Tried(known => RevocationActs.Approve(known, order.Id, cem, order.Fingerprint, tenant.Policy, tenant.Time.GetUtcNow())),
            Tried(known => RevocationActs.Approve(known, order.Id, ben, order.Fingerprint, tenant.Policy, tenant.Time.GetUtcNow())),
            Tried(known => RevocationActs.Decline(known, order.Id, dea, tenant.Time.GetUtcNow())));

        var after = (await tenant.RecordAsync()).Order(order.Id);
        Assert.InRange(acts.Count(done => done), 1, 2);
        Assert.True(after.State is OrderState.SignedOff or OrderState.Declined);
        Assert.Equal(after.Approvers.Length, after.Approvers.Distinct().Count());

        Task<bool> Tried(Func<Core.Policy.Approvals.GovernanceRecord, LedgerDraft> act) => Task.Run(async () =>
        {
            try
            {
                await tenant.ActAsync(act);
                return true;
            }
            catch (ActRefusedException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task CC_5_the_next_scan_resolves_the_findings_as_revoked_and_only_once()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var open = (await tenant.StateAsync()).Findings.Count(finding => finding.Subject == app.Id.ToString() && finding.Live);
        var order = await tenant.OrderAsync(app, "Ben");
        await tenant.ExecuteAsync(order.Id);

        await tenant.ScanAsync();
        await tenant.ScanAsync();

        var findings = (await tenant.StateAsync()).Findings.Where(finding => finding.Subject == app.Id.ToString()).ToArray();
        Assert.True(open > 0);
        Assert.Equal(open, findings.Count(finding => finding.Cause == Core.Findings.ResolutionCause.Revocation));
        foreach (var finding in findings)
        {
            Assert.Single(await tenant.Kept.Scans.HistoryAsync(tenant.Id, finding.Id, default), change => change.Change == "resolved");
        }
    }

    [Fact]
    public async Task From_plan_to_undo_with_the_program()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var graph = new[] { "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_TEST_TOKEN", "--data", tenant.Data };

        var plan = await Cli.Run.Of("revoke", "plan", app.Id.ToString(), "--reason", "records clients", "--as", "Paula", "--data", tenant.Data);
        Assert.True(plan.Code == 0, plan.Notes);
        Assert.Contains("keeps working", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.GrantsOf(app)[0].PrincipalId.ToString()!, plan.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, (await Cli.Run.Of("revoke", "approve", "V1", "--as", "Paula", "--data", tenant.Data)).Code);
        Assert.Equal(2, (await Cli.Run.Of(["revoke", "execute", "V1", "--as", "Olga", "--execute", .. graph])).Code);
        Assert.Equal(0, (await Cli.Run.Of("revoke", "approve", "V1", "--as", "Ben", "--data", tenant.Data)).Code);
        Assert.Contains("wouldRevoke", (await Cli.Run.Of(["revoke", "execute", "V1", "--as", "Olga", .. graph])).Output, StringComparison.Ordinal);
        Assert.NotEmpty(tenant.GrantsOf(app));
        Assert.Equal(0, (await Cli.Run.Of(["revoke", "execute", "V1", "--as", "Olga", "--execute", .. graph])).Code);
        Assert.Empty(tenant.GrantsOf(app));
        Assert.Equal(0, (await Cli.Run.Of(["revoke", "undo", "V1", "--as", "Olga", "--execute", .. graph])).Code);
        Assert.Equal(app.App.Grants, tenant.GrantsOf(app).Count);
        Assert.Contains("sound", (await Cli.Run.Of("audit", "verify", "--data", tenant.Data)).Output, StringComparison.Ordinal);
    }
}
