using System.Security.Cryptography;
using System.Text;

namespace Governance.Api.Report;

/// <summary>The style and script of the page, and the policy that lets the browser run nothing else.</summary>
internal static class PageAssets
{
    public static readonly string Style = Read("report.css");

    public static readonly string Script = Read("report.js");

    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src '{HashOf(Style)}'; script-src '{HashOf(Script)}'; img-src data:; base-uri 'none'; form-action 'none'";

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>Line ends as a browser sees them: the hash is taken after they are made one character.</summary>
    private static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Governance.Api.Report.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the program");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
