using System.Text;

namespace Governance.Core.Catalogue;

/// <summary>The data files of this folder, carried in the assembly.</summary>
internal static class EmbeddedData
{
    private const string Folder = "Governance.Core.Catalogue.";

    /// <exception cref="InvalidOperationException">The assembly was built without the file.</exception>
    public static byte[] Bytes(string file)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(Folder + file)
            ?? throw new InvalidOperationException($"the assembly was built without {file}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Lines with content, trimmed; comments (<c>#</c>, <c>//</c>) left out.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var reader = new StringReader(Encoding.UTF8.GetString(Bytes(file)));
        while (reader.ReadLine() is { } line)
        {
            var text = line.Trim();
            if (text.Length > 0 && text[0] != '#' && !text.StartsWith("//", StringComparison.Ordinal))
            {
                yield return text;
            }
        }
    }
}
