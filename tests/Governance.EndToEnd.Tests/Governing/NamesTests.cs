using Governance.EndToEnd.Tests.Cli;
using Governance.EndToEnd.Tests.Faults;
using Governance.Simulator.Brightwave;

namespace Governance.EndToEnd.Tests.Governing;

/// <summary>The built program knows a person and a department however the name is written.</summary>
public sealed class NamesTests
{
    private const string Composed = "jos\u00E9";

    [Theory]
    [InlineData("jose\u0301")]
    [InlineData("\uFF4A\uFF4F\uFF53\u00E9")]
    [InlineData(" JOS\u00C9 ")]
    public async Task Who_planned_a_revocation_cannot_approve_it_under_another_form_of_the_name(string form)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        var planned = await Binary.RunAsync("revoke", "plan", app.Id.ToString(), "--reason", "not needed", "--as", Composed, "--data", tenant.Data);

        var approved = await Binary.RunAsync("revoke", "approve", "V1", "--as", form, "--data", tenant.Data);

        Assert.True(planned.Code == 0, planned.Notes);
        Assert.True(approved.Code == 2, approved.Output + approved.Notes);
        Assert.Equal(0, (await Binary.RunAsync("revoke", "approve", "V1", "--as", "jose", "--data", tenant.Data)).Code);
    }

    [Theory]
    [InlineData("Gro\u00DF", "GROSS", true)]
    [InlineData("Gro\u00DF", "GRO\u1E9E", true)]
    [InlineData(Composed, "jose\u0301", true)]
    [InlineData("\u0130pek", "i\u0307pek", true)]
    [InlineData("\u0131pek", "ipek", false)]
    public async Task Who_asked_cannot_sign_off_under_another_form_of_the_name(string asks, string signs, bool same)
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Binary.RunAsync("request", app.Id.ToString(), "--purpose", "texts", "--as", asks, "--data", tenant.Data);

        var signed = await Binary.RunAsync("sign-off", "R1", "--role", "Security", "--as", signs, "--data", tenant.Data);

        Assert.True(signed.Code == (same ? 2 : 0), signed.Output + signed.Notes);
    }

    [Fact]
    public async Task A_department_counts_when_the_directory_writes_it_decomposed()
    {
        var spanish = MarketingOrganisation.Create(seed: 3, night: 9);
        spanish.Change(change =>
        {
            foreach (var user in spanish.Users.Where(user => user.Department == "Marketing").ToArray())
            {
                change.Put(user with { Department = "Comunicacio\u0301n" });
            }
        });
        await using var tenant = await ScannedTenant.Serve(spanish);
        var policy = tenant.Folder.Write("governance.yaml", "version: 1\napproved: []\ndepartmentsOfInterest:\n  - name: \"COMUNICACI\u00D3N\"\n");

        var run = await Binary.RunAsync(
            "scan", "--graph-endpoint", tenant.Simulator.Endpoint.ToString(), "--token-env", "GOVERNANCE_TEST_TOKEN", "--data", tenant.Data, "--format", "json", "--policy", policy);

        Assert.True(run.Code is 0 or 3, run.Notes);
        var departments = run.Json.GetProperty("apps").EnumerateArray()
            .SelectMany(app => app.GetProperty("reach").GetProperty("byDepartment").EnumerateObject().Select(department => department.Name)).ToHashSet();
        Assert.Contains("COMUNICACI\u00D3N", departments);
        Assert.DoesNotContain("Comunicacio\u0301n", departments);
        Assert.DoesNotContain("Comunicaci\u00F3n", departments);
        var exposed = run.Json.GetProperty("kpis").EnumerateArray().Single(kpi => kpi.GetProperty("id").GetString() == "exposed-users-marketing");
        Assert.True(exposed.GetProperty("value").GetDecimal() > 0);
    }

    [Fact]
    public async Task An_erasure_under_another_form_of_the_name_takes_the_whole_person()
    {
        await using var tenant = await GovernedTenant.StartAsync();
        var app = await tenant.UserAppAsync();
        await Binary.RunAsync("deny", app.Id.ToString(), "--reason", "as agreed with Jos\u00E9 Quendel", "--as", "Jos\u00E9 Quendel", "--data", tenant.Data);
        Assert.True(Traces.Holds(tenant.Data, "Quendel"));
        string[] command = ["erase-user", "JOSE\u0301 QUENDEL", "--as", "Dora", "--data", tenant.Data];

        var preview = await Binary.RunAsync(command);
        Assert.True(Traces.Holds(tenant.Data, "Quendel"));
        var run = await Binary.RunAsync([.. command, "--confirm", preview.Output.Split("--confirm ")[1].Trim()]);

        Assert.True(run.Code == 0, run.Notes);
        Assert.False(Traces.Holds(tenant.Data, "Quendel"));
        Assert.Equal(2, (await Binary.RunAsync(command)).Code);
        Assert.Equal(0, (await Binary.RunAsync("audit", "verify", "--data", tenant.Data)).Code);
    }
}
