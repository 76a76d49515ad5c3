namespace Governance.Cli;

/// <summary>Writes a file whole or not at all.</summary>
internal static class OutputFile
{
    /// <exception cref="CliException">The file cannot be written; what was there before is still there.</exception>
    public static async Task WriteAsync(FileInfo file, Func<Stream, Task> write)
    {
        var half = file.FullName + ".part";
        try
        {
            var stream = File.Create(half);
            await using (stream.ConfigureAwait(false))
            {
                await write(stream).ConfigureAwait(false);
            }

            File.Move(half, file.FullName, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(half);
            throw CliException.Usage($"cannot write {file.FullName}: {error.Message}");
        }
        catch
        {
            File.Delete(half);
            throw;
        }
    }
}
