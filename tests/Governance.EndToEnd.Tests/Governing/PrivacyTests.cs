using Governance.Core.Policy;
using Governance.Core.Policy.Ledger;
using Governance.Core.Policy.Revocations;
using Governance.Core.Scans.Decisions;
using Governance.EndToEnd.Tests.Cli;

namespace Governance.EndToEnd.Tests.Governing;

public sealed class PrivacyTests
{
    [Fact]
    public async Task AP_5_an_erased_user_is_gone_from_what_is_kept_and_the_ledger_still_verifies()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await tenant.ScanAsync();
        var order = await tenant.OrderAsync(app, "Ben");
        var user = order.Plan!.Items.OfType<RevocationItem.Grant>().First().PrincipalId!.Value;

        var run = await Erased.ByCommand(tenant.Data, user.ToString());

        Assert.True(run.Code == 0, run.Notes);
        Assert.Contains("2 inventories", run.Output, StringComparison.Ordinal);
        foreach (var scan in await tenant.Kept.Scans.ScansAsync(tenant.Id, 10, default))
        {
            var inventory = (await tenant.Kept.Scans.InventoryAsync(tenant.Id, scan.Id, default))!;
            Assert.True(inventory.Users.RowOf(user) < 0);
            Assert.DoesNotContain(user, inventory.Grants.Principals.ToArray());
            Assert.DoesNotContain(inventory.Grants.All(), grant => grant.PrincipalId == user);
        }

        Assert.DoesNotContain(user.ToString(), LedgerExport.Write(await tenant.Kept.Ledger.ReadAsync(tenant.Id, default)), StringComparison.OrdinalIgnoreCase);
        Assert.False(await OnDiskAsync(tenant, user.ToString()));
        Assert.Equal(0, (await Run.Of("audit", "verify", "--data", tenant.Data)).Code);
        await Assert.ThrowsAsync<ActRefusedException>(() => tenant.ExecuteAsync(order.Id));
        Assert.True((await tenant.RecordAsync()).Entries[^1].Entry is { Kind: LedgerKinds.Erased });

        // Figures stay; what counts people can no longer be recomputed, and that is said.
        var recomputed = await Run.Of("kpis", "recompute", "--data", tenant.Data);
        Assert.True(recomputed.Code == 0 || (recomputed.Code == 3 && recomputed.Notes.Contains("aggregate only", StringComparison.Ordinal)), recomputed.Output + recomputed.Notes);
    }

    [Fact]
    public async Task AP_5_an_erased_person_who_acted_leaves_a_pseudonym_and_no_name_or_text()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Run.Of("deny", app.Id.ToString(), "--reason", "as agreed with Xaver Quendel", "--as", "Xaver Quendel", "--data", tenant.Data);
        Assert.True(await OnDiskAsync(tenant, "Xaver Quendel"));

        var run = await Erased.ByCommand(tenant.Data, "xaver quendel");

        Assert.True(run.Code == 0, run.Notes);
        Assert.Contains("1 texts", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Xaver", (await Run.Of("decisions", "--data", tenant.Data)).Output, StringComparison.OrdinalIgnoreCase);
        Assert.False(await OnDiskAsync(tenant, "Xaver Quendel"));
        Assert.Equal(0, (await Run.Of("audit", "verify", "--data", tenant.Data)).Code);
        Assert.Contains("denied", (await Run.Of("decisions", "--data", tenant.Data)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AP_7_no_name_or_mail_of_a_user_is_anywhere_in_what_is_kept_or_exported()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var user = tenant.Simulator.Tenant.Users.First(known => tenant.Simulator.Tenant.Grants.Any(grant => grant.PrincipalId == known.Id));

        Assert.False(await OnDiskAsync(tenant, user.UserPrincipalName));
        foreach (var arguments in new[] { new[] { "findings", "--format", "json", "--state", "all" }, ["apps", "--format", "json"] })
        {
            var output = (await Run.Of([.. arguments, "--data", tenant.Data])).Output;
            Assert.DoesNotContain(user.UserPrincipalName, output, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(user.Id.ToString(), output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task AP_7_saying_who_a_pseudonym_stands_for_is_written_down_first()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var user = tenant.Simulator.Tenant.Users.First().Id;
        var pseudonym = (await tenant.Kept.Persons.OfAsync(tenant.Id, user.ToString(), default)).Pseudonym;

        var run = await Run.Of("reidentify", pseudonym, "--reason", "incident 7", "--as", "Dora", "--data", tenant.Data);

        Assert.Equal(user.ToString(), run.Output.Trim());
        var entry = Assert.Single((await tenant.RecordAsync()).Entries);
        Assert.Equal((LedgerKinds.Reidentified, pseudonym, "incident 7"), (entry.Entry.Kind, entry.Entry.Subject, entry.Part));
        Assert.Contains("no one", (await Run.Of("reidentify", "p-000000000000000000000000", "--reason", "x", "--as", "Dora", "--data", tenant.Data)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AP_7_a_new_key_keeps_people_apart_and_together_and_old_keys_can_be_destroyed()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        Task<Run> Act(string person, params string[] command) => Run.Of([.. command, "--as", person, "--data", tenant.Data]);
        await Act("Ana", "request", app.Id.ToString(), "--purpose", "texts");
        var before = (await tenant.PersonAsync("Ana")).Pseudonym;

        Assert.Equal(2, (await Act("Dora", "privacy", "destroy-keys", "--reason", "too early", "--yes")).Code);
        var rotated = await Act("Dora", "privacy", "rotate-key", "--reason", "yearly");

        // Who asked is known again under the new key, and a scan goes on as ever.
        Assert.True(rotated.Code == 0, rotated.Notes);
        Assert.NotEqual(before, (await tenant.PersonAsync("Ana")).Pseudonym);
        Assert.Equal(2, (await Act("Ana", "sign-off", "R1", "--role", "security")).Code);
        var reach = app.App.Reach.Users;
        Assert.Equal(0, (await tenant.ScanAsync()).Code);
        Assert.Equal(reach, (await tenant.AppAsync(app.App.Principal.Name)).App.Reach.Users);
        Assert.Equal("Ana", (await Act("Dora", "reidentify", before, "--reason", "incident 8")).Output.Trim());

        // While the request is open people must be known again; then the old key can go.
        Assert.Contains("R1", (await Act("Dora", "privacy", "destroy-keys", "--reason", "yearly", "--yes")).Notes, StringComparison.Ordinal);
        Assert.Equal(0, (await Act("Ben", "deny", "R1", "--reason", "no")).Code);
        Assert.Equal(2, (await Act("Dora", "privacy", "destroy-keys", "--reason", "yearly")).Code);
        var old = (await File.ReadAllLinesAsync(Path.Combine(tenant.Data, "pseudonym-keys", tenant.Id.ToString())))[^1];
        var destroyed = await Act("Dora", "privacy", "destroy-keys", "--reason", "yearly", "--yes");

        Assert.True(destroyed.Code == 0, destroyed.Notes);
        var asked = await Act("Dora", "reidentify", before, "--reason", "incident 9");
        Assert.Contains("no one", asked.Output, StringComparison.Ordinal);
        Assert.Contains("keys were destroyed", asked.Notes, StringComparison.Ordinal);
        Assert.False(await OnDiskAsync(tenant, old));
        Assert.Equal(0, (await Run.Of("audit", "verify", "--data", tenant.Data)).Code);
        Assert.Equal([LedgerKinds.KeyRotated, LedgerKinds.KeysDestroyed], (await tenant.RecordAsync()).Entries.Select(entry => entry.Entry.Kind).Where(kind => kind.StartsWith("privacy.key", StringComparison.Ordinal)));
        Assert.Equal(0, (await tenant.ScanAsync()).Code);
    }

    [Fact]
    public async Task AP_6_retention_counts_first_and_then_removes_what_is_too_old_and_nothing_else()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        await tenant.ScanAsync();
        var app = await tenant.UserAppAsync();
        await Run.Of("request", app.Id.ToString(), "--purpose", "old text", "--as", "Ana", "--data", tenant.Data);
        await Run.Of("withdraw", "R1", "--reason", "old reason", "--as", "Ana", "--data", tenant.Data);
        await Run.Of("deny", app.Id.ToString(), "--reason", "still counts", "--as", "Ben", "--data", tenant.Data);
        var figures = await tenant.Kept.Scans.KpisAsync(tenant.Id, 10, default);
        var later = new SetTime(tenant.Time.Now.AddDays(100));
        var retention = new ApplyRetention(tenant.Kept.Ledger, tenant.Kept.Persons, tenant.Kept.Records, later);
        var periods = new RetentionPeriods(30, 30, null, 60);
        var dora = await tenant.PersonAsync("Dora");

        var counted = await retention.RunAsync(tenant.Id, periods, dora, dryRun: true, default);
        Assert.Equal(3, (await tenant.RecordAsync()).Entries.Count(entry => entry.Part is not null));
        var removed = await retention.RunAsync(tenant.Id, periods, dora, dryRun: false, default);
        var again = await retention.RunAsync(tenant.Id, periods, dora, dryRun: false, default);

        Assert.Equal(counted, removed);
        Assert.Equal((1, 2, 1), (removed.Inventories, removed.Texts, removed.Names));
        Assert.True(again.Nothing);
        var scans = await tenant.Kept.Scans.ScansAsync(tenant.Id, 10, default);
        Assert.NotNull(await tenant.Kept.Scans.InventoryAsync(tenant.Id, scans[0].Id, default));
        Assert.Null(await tenant.Kept.Scans.InventoryAsync(tenant.Id, scans[1].Id, default));
        Assert.Equal(figures.Length, (await tenant.Kept.Scans.KpisAsync(tenant.Id, 10, default)).Length);
        var record = await tenant.RecordAsync();
        Assert.Equal("still counts", record.DecisionOn(app.App.Principal.AppId!.Value)!.Reason);
        Assert.Equal(4, record.Entries.Length);
        Assert.Empty(await tenant.Kept.Database.CheckAsync(default));
    }

    private static async Task<bool> OnDiskAsync(GovernedTenant tenant, string text)
    {
        var wanted = new[] { System.Text.Encoding.UTF8.GetBytes(text), System.Text.Encoding.Unicode.GetBytes(text) };
        foreach (var file in Directory.EnumerateFiles(tenant.Data, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            if (wanted.Any(needle => bytes.AsSpan().IndexOf(needle) >= 0))
            {
                return true;
            }
        }

        return false;
    }
}
