namespace Governance.Cli;

/// <summary>Writes a file whole or not at all; a link stays a link, and a device or pipe is written to as it is.</summary>
internal static class OutputFile
{
    /// <exception cref="CliException">The file cannot be written; what was there before is still there.</exception>
    public static async Task WriteAsync(FileInfo file, Func<Stream, Task> write)
    {
        var half = string.Empty;
        try
        {
            if (IsNoFile(file.FullName))
            {
                await WriteToAsync(File.Open(file.FullName, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), write).ConfigureAwait(false);
                return;
            }

            var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            half = target + ".part";
            await WriteToAsync(File.Create(half), write).ConfigureAwait(false);
            File.Move(half, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Discard(half);
            throw CliException.Usage($"cannot write {file.FullName}: {error.Message}");
        }
        catch
        {
            Discard(half);
            throw;
        }
    }

    private static async Task WriteToAsync(FileStream stream, Func<Stream, Task> write)
    {
        await using var _ = stream.ConfigureAwait(false);
        await write(stream).ConfigureAwait(false);
    }

    /// <summary>True where putting a file in its place would take something away from everybody: <c>/dev/stdout</c>, <c>/dev/null</c>, a shell's <c>&gt;(...)</c>.</summary>
    private static bool IsNoFile(string path) =>
        !OperatingSystem.IsWindows() && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)) && File.Exists(path);

    /// <summary>Removes what was begun; a folder that is not there holds nothing of it.</summary>
    private static void Discard(string half)
    {
        if (File.Exists(half))
        {
            File.Delete(half);
        }
    }
}
