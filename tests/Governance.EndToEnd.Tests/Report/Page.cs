using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Governance.Api.Report;
using Governance.Core.Scans;

namespace Governance.EndToEnd.Tests.Report;

/// <summary>The report as a browser reads it.</summary>
internal static class Page
{
    public static async Task<IHtmlDocument> OfAsync(StoredFacts facts, string language = "en") => Parse(await BytesAsync(facts, language));

    public static async Task<byte[]> BytesAsync(StoredFacts facts, string language = "en")
    {
        using var stream = new MemoryStream();
        await ReportPage.WriteAsync(stream, facts, language, CancellationToken.None);
        return stream.ToArray();
    }

    public static IHtmlDocument Parse(byte[] page) => new HtmlParser().ParseDocument(Encoding.UTF8.GetString(page));

    /// <summary>Every element in order: its depth, its name and the names of its attributes.</summary>
    public static string[] Tree(IHtmlDocument page) =>
    [
        .. page.All.Select(element =>
            $"{Depth(element)} {element.LocalName} {string.Join(' ', element.Attributes.Select(attribute => attribute.Name).Order(StringComparer.Ordinal))}"),
    ];

    private static int Depth(IElement element) => element.ParentElement is { } parent ? Depth(parent) + 1 : 0;
}
