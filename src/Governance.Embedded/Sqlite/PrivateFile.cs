namespace Governance.Embedded.Sqlite;

/// <summary>Files that the user alone may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Replaces a file in one step; what it holds is on the disk before the name is.</summary>
    public static void Write(string path, string text)
    {
        var half = $"{path}.{Path.GetRandomFileName()}.part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Own;
        }

        using (var stream = new FileStream(half, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }
}
