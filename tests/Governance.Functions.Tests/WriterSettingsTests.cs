using Governance.Functions.Settings;

namespace Governance.Functions.Tests;

/// <summary>CF-8: nothing can write unless an identity of its own was set for it.</summary>
public sealed class WriterSettingsTests
{
    private const string Reader = "11111111-0000-4000-8000-000000000001";
    private const string Writer = "22222222-0000-4000-8000-000000000002";

    [Fact]
    public void CF_8_without_a_writer_there_is_none()
    {
        Assert.True(Check(new()).Succeeded);
        Assert.Null(ConfiguredTenants.Writers(new AuditOptions(), TimeProvider.System));
    }

    [Fact]
    public void A_writer_of_its_own_is_opened()
    {
        var options = new AuditOptions { Tenants = Guid.NewGuid().ToString(), ReaderClientId = Reader, WriterClientId = Writer };

        Assert.True(Check(options).Succeeded);
        using var opened = ConfiguredTenants.Writers(options, TimeProvider.System)!.Open(Guid.NewGuid());
        Assert.NotNull(opened.Writer);
    }

    [Theory]
    [InlineData(Reader, Reader, null, null)]
    [InlineData(null, Writer, null, null)]
    [InlineData(Reader, Writer, "33333333-0000-4000-8000-000000000003", "33333333-0000-4000-8000-000000000003")]
    [InlineData(Reader, null, null, "33333333-0000-4000-8000-000000000003")]
    public void The_scanner_s_identity_is_refused_as_writer(string? reader, string? writer, string? application, string? writerApplication)
    {
        var result = Check(new() { ReaderClientId = reader, WriterClientId = writer, ApplicationId = application, WriterApplicationId = writerApplication });

        Assert.True(result.Failed);
        Assert.Contains("Audit__Writer", result.FailureMessage, StringComparison.Ordinal);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Check(AuditOptions options)
    {
        options.Tenants = Guid.NewGuid().ToString();
        return new AuditOptionsCheck().Validate(null, options);
    }
}
