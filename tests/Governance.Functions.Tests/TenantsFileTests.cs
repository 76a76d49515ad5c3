using Governance.Functions.Settings;

namespace Governance.Functions.Tests;

/// <summary>More tenants than a setting holds stand in a file of the package.</summary>
public sealed class TenantsFileTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tenants-{Guid.NewGuid():N}.txt");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Tenants_of_the_setting_and_of_the_file_are_audited_ten_thousand_of_them()
    {
        var ids = Enumerable.Range(1, 10_000).Select(number => new Guid(number, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 1])).ToArray();
        File.WriteAllLines(_file, ids.Select(id => $"  {id:D}  # customer").Prepend("# all").Append(string.Empty));
        var options = new AuditOptions { Tenants = Guid.NewGuid().ToString(), TenantsFile = _file };

        Assert.True(new AuditOptionsCheck().Validate(null, options).Succeeded);
        Assert.Equal(10_001, options.TenantTexts.Select(Guid.Parse).Distinct().Count());
    }

    [Theory]
    [InlineData("canary-no-id")]
    [InlineData("# nothing but a remark")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void A_line_that_is_no_tenant_stops_the_start_without_its_text(string line)
    {
        File.WriteAllText(_file, line);

        var checking = new AuditOptionsCheck().Validate(null, new AuditOptions { TenantsFile = _file });

        Assert.True(checking.Failed);
        Assert.Contains("Audit__TenantsFile", checking.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", checking.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var checking = new AuditOptionsCheck().Validate(null, new AuditOptions { Tenants = Guid.NewGuid().ToString(), TenantsFile = _file });

        Assert.Contains("Audit__TenantsFile names a file that is not there", checking.FailureMessage, StringComparison.Ordinal);
    }
}
