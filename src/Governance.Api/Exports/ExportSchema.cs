using System.Text;

namespace Governance.Api.Exports;

/// <summary>The published schema of what exports write as JSON.</summary>
public static class ExportSchema
{
    private const string File = "governance-export.schema.json";

    /// <summary>JSON Schema 2020-12, UTF-8; its <c>$id</c> ends in <see cref="Version"/>.</summary>
    public static readonly string Text = Read();

    /// <summary>Grows when a field changes its meaning or goes; new fields leave it as it is.</summary>
    public const int Version = 1;

    private static string Read()
    {
        using var stream = typeof(ExportSchema).Assembly.GetManifestResourceStream(File) ?? throw new InvalidOperationException($"{File} is not in the program");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
