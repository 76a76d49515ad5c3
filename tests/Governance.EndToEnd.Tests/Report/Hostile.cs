using System.Text;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>Text that a tenant could send to break what shows it.</summary>
internal static class Hostile
{
    public static readonly string[] Names =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'onmouseover='alert(1)", "</title></style></script><svg onload=alert(1)>",
        "<at>everyone</at>", "[click](https://evil.example) **bold** ![x](https://evil.example/x.png)", "=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)",
        "\t=1+1", "\r\n=1+1", "＝1+1", "\u202Egnp.exe\u202C", "zero\u200Bwidth", "nul\0nul", "\u001b[31mred", "javascript:alert(1)", "file:///etc/passwd",
        "https://evil.example/?a=1&b=2", "&lt;b&gt;&amp;", "{app}", "@View.Text", "<!-- ", "]]>", "lone \ud800 surrogate", "𝒜𝓘 Tool", "\u2028line", "مساعد",
    ];

    private static readonly string[] Pieces =
    [
        "<", ">", "\"", "'", "&", "=", "+", "-", "@", "\t", "\r", "\n", "\0", "<script>", "</script>", "<!--", "-->", "]]>", "\u202E", "\u200B", "\uFEFF", "\u2028", "\ud800", "\udc00",
        ",", ";", "\\", "`", "|", "＝", "＋", "－", "＠", "é", "e\u0301", "人工智能", "😀", "a", "Tool", " ", "\u00A0", "{n}", "&#60;", "javascript:", "http://x.y",
    ];

    /// <summary>The same texts in the same order every time.</summary>
    public static IEnumerable<string> Texts(int count)
    {
        var random = new Random(20261120);
        for (var at = 0; at < count; at++)
        {
            var text = new StringBuilder();
            for (var piece = random.Next(1, 9); piece > 0; piece--)
            {
                text.Append(random.Next(4) == 0 ? ((char)random.Next(0x20, 0xD7FF)).ToString() : Pieces[random.Next(Pieces.Length)]);
            }

            yield return text.ToString();
        }
    }
}
