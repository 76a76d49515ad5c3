using System.Text;
using System.Text.Json;
using Governance.Core.Scans;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Offline;

/// <summary>Reads one file of an export: pages, a list of rows, or JSON Lines of either.</summary>
internal static class ExportFile
{
    private const int FirstLook = 64 * 1024;
    private const int KeptAtOnce = 5000;

    /// <exception cref="SourceFormatException">The file is not JSON, not text in UTF-8, or a page of it holds no rows.</exception>
    public static async Task ReadAsync(string path, ExportedRows rows, ExportedChains chains, CancellationToken cancellationToken)
    {
        try
        {
            var layout = await LayoutAsync(path, cancellationToken).ConfigureAwait(false);
            rows.File(path);
            var parser = new PageParser(rows, layout, page => EndPage(path, rows, chains, page));
            var stream = Open(path);
            await using (stream.ConfigureAwait(false))
            {
                var flush = layout == PageLayout.Rows ? () => Flush(rows) : (Action?)null;
                await PageStream.ReadAsync(stream, parser, flush, cancellationToken).ConfigureAwait(false);
            }

            if (layout == PageLayout.Rows)
            {
                EndPage(path, rows, chains, new PageEnvelope(HasValue: true, null, null, null));
            }
        }
        catch (JsonException exception)
        {
            var name = Path.GetFileName(path);
            throw exception.LineNumber is { } line
                ? new SourceFormatException($"{name}, line {line + 1}, byte {exception.BytePositionInLine + 1}", "this is not valid JSON, or it ends too early", exception)
                : new SourceFormatException(name, exception.Message, exception);
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private static void Flush(ExportedRows rows)
    {
        if (rows.Count >= KeptAtOnce)
        {
            rows.Keep();
        }
    }

    private static void EndPage(string path, ExportedRows rows, ExportedChains chains, PageEnvelope page)
    {
        if (!page.HasValue)
        {
            throw new SourceFormatException(Path.GetFileName(path), "a page holds no list named value");
        }

        rows.NoteList();
        foreach (var collection in rows.OnPage)
        {
            chains.Add(collection, rows.Resource, page);
        }

        rows.EndPage();
    }

    /// <summary>Looks at the first object: one with a list named value is a page, any other a row.</summary>
    private static async Task<PageLayout> LayoutAsync(string path, CancellationToken cancellationToken)
    {
        for (var look = FirstLook; ; look *= 4)
        {
            var stream = Open(path);
            await using (stream.ConfigureAwait(false))
            {
                var bytes = new byte[look];
                var length = await stream.ReadAtLeastAsync(bytes, look, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                RefuseOtherEncodings(path, bytes.AsSpan(0, length));
                if (Layout(bytes.AsSpan(0, length), final: length < look) is { } layout)
                {
                    return layout;
                }

                if (length < look)
                {
                    throw new SourceFormatException(Path.GetFileName(path), "the file is empty");
                }
            }
        }
    }

    private static PageLayout? Layout(ReadOnlySpan<byte> bytes, bool final)
    {
        var state = new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 256 });
        var reader = new Utf8JsonReader(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes, final, state);
        if (!reader.Read())
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return PageLayout.Rows;
        }

        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return PageLayout.Rows;
            }

            var value = reader.ValueTextEquals("value"u8);
            if (!reader.Read())
            {
                return null;
            }

            if (value && reader.TokenType == JsonTokenType.StartArray)
            {
                return PageLayout.Pages;
            }

            if (!reader.TrySkip())
            {
                return null;
            }
        }

        return null;
    }

    private static void RefuseOtherEncodings(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF)))
        {
            throw new SourceFormatException(Path.GetFileName(path), "the file is in UTF-16; save it as UTF-8");
        }
    }
}
