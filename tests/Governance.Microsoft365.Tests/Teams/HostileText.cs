using System.Text;

namespace Governance.Microsoft365.Tests.Teams;

/// <summary>Names that an attacker could give an app.</summary>
internal static class HostileText
{
    public static readonly string[] Names =
    [
        "[click here](https://evil.example)", "![x](http://evil.example/x.png)", "**bold** _under_ ~~gone~~", "- item", "1. item", "# head", "> quote", "`code`", "```\ncode\n```",
        "<at>everyone</at>", "<script>alert(1)</script>", "<a href=\"https://evil.example\">x</a>", "a\n\n[b](c:d)", "\\[x\\](https://evil.example)", "\\\\[x](y)",
        "https://evil.example/login", "HTTPS://EVIL.EXAMPLE", "www.evil.example", "mailto:a@evil.example", "javascript:alert(1)", "http :// evil", "hthttp://tp://evil.example",
        "\u202Egpj.exe\u202C", "a\u200Bb\u200D\uFEFF", "\u0000\u001b[31mred\u0007", "${tenant}", "{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "\"},{\"type\":\"Image\",\"url\":\"https://evil.example\"}",
        "lone \ud800 surrogate", "\u2028\u2029", "| a | b |\n|---|---|", "", "   ", new string('[', 5000), string.Concat(Enumerable.Repeat("😀", 400)), "مساعد ذكي", "市场部 <智能>",
    ];

    private static readonly string[] Pieces =
    [
        "[", "]", "(", ")", "](", "**", "*", "_", "__", "`", "~", "#", "+", "-", "!", "![", "|", "{", "}", "<", ">", "<at>", "</at>", "\\", "\\\\", "http", "https", "://", ":", "//", "www", "www.", ".",
        "mailto:", "\n", "\r", "\t", "\0", "\u202E", "\u200B", "\u2028", "\ud800", "\udc00", "\"", "'", "&lt;", "&#91;", "evil.example", "1.", "9)", " ", "\u00A0", "é", "e\u0301", "人", "😀", "a", "Tool",
    ];

    /// <summary>The same texts in the same order every time.</summary>
    public static IEnumerable<string> Fuzz(int count)
    {
        var random = new Random(20260302);
        for (var at = 0; at < count; at++)
        {
            var text = new StringBuilder();
            for (var piece = random.Next(1, 14); piece > 0; piece--)
            {
                text.Append(random.Next(5) == 0 ? ((char)random.Next(1, 0xFFFF)).ToString() : Pieces[random.Next(Pieces.Length)]);
            }

            yield return text.ToString();
        }
    }
}
