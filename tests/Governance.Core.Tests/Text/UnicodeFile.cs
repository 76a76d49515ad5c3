using System.Globalization;
using System.IO.Compression;

namespace Governance.Core.Tests.Text;

/// <summary>Test files of the Unicode Character Database 17.0.0, without their comments.</summary>
/// <remarks>
/// Source: github.com/unicode-org/unicodetools, unicodetools/data/ucd/17.0.0, commit 2c1309ab, read 2026-12-01: NormalizationTest.txt (2025-06-30),
/// CaseFolding.txt (2025-07-30). Unicode License v3, copyright (c) 2025 Unicode, Inc.; the text stands in src/Governance.Core/Text/unicode-license.txt.
/// </remarks>
internal static class UnicodeFile
{
    public static IEnumerable<string[]> Rows(string name)
    {
        using var packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Text", name + ".gz"));
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return [.. line.Split(';').Select(column => column.Trim())];
        }
    }

    /// <summary>A column of code points in hexadecimal digits.</summary>
    public static string Text(string column) =>
        string.Concat(column.Split(' ').Select(code => char.ConvertFromUtf32(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}
