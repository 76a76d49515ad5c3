using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Api.SignIn;

/// <summary>The page where a person signs in to read the report: no script, and nothing from elsewhere.</summary>
internal static class SignInPage
{
    private const string Style =
        """
        :root{color-scheme:light dark;--page:#f6f7f9;--paper:#fff;--ink:#15202b;--soft:#4d5b69;--line:#6b7885;--accent:#0a5a8a;--on:#fff;--bad:#b3241c}
        @media (prefers-color-scheme:dark){:root{--page:#0f1419;--paper:#171d24;--ink:#e9eef3;--soft:#a9b5c1;--line:#7d8a97;--accent:#7cc0ee;--on:#0f1419;--bad:#ff8f85}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",sans-serif}
        main{max-width:30rem;margin:10vh auto;padding:32px;background:var(--paper)}
        h1{margin:0 0 16px;font-size:26px;font-weight:500;line-height:1.25}
        p{margin:0 0 16px}
        .hint{color:var(--soft);font-size:15px}
        .bad{color:var(--bad);font-weight:600}
        label{display:block;font-weight:600;margin-bottom:4px}
        input,button{font:inherit;color:inherit;border:1px solid var(--line);border-radius:4px;padding:10px 12px}
        input{display:block;width:100%;background:var(--page);margin-bottom:16px}
        button{background:var(--accent);border-color:var(--accent);color:var(--on);font-weight:600;cursor:pointer}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:3px}
        """;

    /// <summary>Line ends as a browser sees them.</summary>
    private static readonly string Sheet = Style.ReplaceLineEndings("\n");

    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Sheet)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <param name="query">What the report is to be asked with, with its question mark; empty for nothing.</param>
    /// <param name="signedIn">Whether the browser has signed in already.</param>
    /// <param name="problem">Why the last attempt failed; null when there was none.</param>
    public static string Of(string query, bool signedIn, string? problem)
    {
        var kept = WebUtility.HtmlEncode(query);
        var said = problem is null ? string.Empty : $"<p class=\"bad\" role=\"alert\">{WebUtility.HtmlEncode(problem)}</p>";
        var part = signedIn
            ? $"""
               <p>You are signed in.</p>
               <p><a href="/api/report{kept}">Open the report</a></p>
               <form method="post" action="/session/end"><button type="submit">Sign out</button></form>
               """
            : $"""
               <form method="post" action="/session{kept}">
               <label for="token">Token for the API</label>
               <input id="token" name="token" type="password" required maxlength="200" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="hint">
               <p class="hint" id="hint">The server showed it at its first start. You stay signed in for 8 hours, for the report alone.</p>
               <button type="submit">Sign in</button>
               </form>
               <p class="hint"><br>Signed in already? <a href="/api/report{kept}">Open the report</a></p>
               """;
        return $"""
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Sign in – AI governance report</title><style>{Sheet}</style></head>
                <body><main><h1>AI governance report</h1>
                {said}
                {part}
                </main></body>
                </html>

                """;
    }
}
