using Governance.Core.Findings;
using Governance.Core.Findings.Rules;
using Governance.Core.Risk;

namespace Governance.Core.Tests.Findings.Rules;

public class KnownAbusedAppTests
{
    [Theory]
    [InlineData(null, Severity.Medium)]
    [InlineData(Severity.Low, Severity.High)]
    [InlineData(Severity.High, Severity.Critical)]
    public void Severity_follows_what_it_holds(Severity? held, Severity expected)
    {
        var app = Some.Assessed(
            classification: Some.Classification(abusedElsewhere: "seen in a phishing wave, source X"),
            permissions: held is { } severity ? [Some.Rated("Mail.Read", severity)] : []);

        var violation = Assert.IsType<Verdict.Violation>(new KnownAbusedApp().Judge(app, Some.Context()));

        Assert.Equal(expected, violation.Severity);
        Assert.Contains(new EvidenceItem("report", "seen in a phishing wave, source X"), violation.Evidence);
    }

    [Fact]
    public void An_app_nobody_reported_passes()
    {
        Assert.IsType<Verdict.Pass>(new KnownAbusedApp().Judge(Some.Assessed(), Some.Context()));
    }
}
