using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Governance.Core.Scans;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Api.Report;

/// <summary>Writes the report: one HTML file that needs nothing else and asks nobody for anything.</summary>
public static class ReportPage
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="language">One of <see cref="Core.Digest.Language.Tags"/>.</param>
    /// <exception cref="ArgumentException">No such language.</exception>
    public static async Task WriteAsync(Stream stream, StoredFacts facts, string language, CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
        await using (writer.ConfigureAwait(false))
        {
            await WriteAsync(writer, facts, language, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="WriteAsync(Stream, StoredFacts, string, CancellationToken)"/>
    public static async Task WriteAsync(TextWriter writer, StoredFacts facts, string language, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var services = new ServiceCollection();
        services.AddSingleton(new ReportView(facts, language));
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            var renderer = new HtmlRenderer(provider, NullLoggerFactory.Instance);
            await using (renderer.ConfigureAwait(false))
            {
                var page = await renderer.Dispatcher.InvokeAsync(async () =>
                {
                    var root = await renderer.RenderComponentAsync<Document>();
                    return root.ToHtmlString();
                }).ConfigureAwait(false);
                await writer.WriteAsync(page.AsMemory(), cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
