using System.Text;
using Governance.Core.Text;

namespace Governance.Core.Tests.Text;

public sealed class NameFormCheckTests
{
    [Fact]
    public void The_form_passes() => NameFormCheck.Run();

    [Fact]
    public void What_the_runtime_does_without_ICU_is_refused_though_it_calls_itself_normalized()
    {
        Assert.True("e\u0301".IsNormalized(NormalizationForm.FormKC));

        var broken = Assert.Throws<NameFormBrokenException>(() => NameFormCheck.Run(text => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant()));

        Assert.Contains("U+0065 U+0301 becomes U+0065 U+0301, not U+00E9", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_data_is_refused_with_the_reason()
    {
        var broken = Assert.Throws<NameFormBrokenException>(() => NameFormCheck.Run(_ => throw new InvalidOperationException("the file is lost")));

        Assert.Contains("the file is lost", broken.Message, StringComparison.Ordinal);
    }
}
