using Governance.Cli;
using Governance.Cli.Pictures;

namespace Governance.EndToEnd.Tests.Cli;

public sealed class PictureTests
{
    [Theory]
    [InlineData("239")]
    [InlineData("2001")]
    public async Task A_width_out_of_range_is_a_mistake_of_the_caller(string width) =>
        Assert.Equal(2, (await Run.Of("digest", "preview", "--picture", "x.png", "--width", width)).Code);

    [Fact]
    public async Task A_program_that_is_no_browser_is_told_of_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        folder.Write("not-a-browser", "#!/bin/sh\necho sorry >&2\nexit 7\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["not-a-browser"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var failed = await Assert.ThrowsAsync<CliException>(() => PagePicture.TakeAsync(folder["not-a-browser"], "<p>x", 700, default));

        Assert.Contains("not-a-browser", failed.Message, StringComparison.Ordinal);
    }
}
