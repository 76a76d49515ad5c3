using System.Buffers;
using System.Text.Json;
using Governance.Core.Consents;
using Governance.Microsoft365.Rows;

namespace Governance.Microsoft365.Graph;

/// <summary>What one item of a batch came to.</summary>
/// <param name="Body">JSON of a page; null when the item must be asked for by itself, or failed for good.</param>
/// <param name="Fault">Why it failed for good; null when it did not.</param>
internal sealed record BatchAnswer(byte[]? Body, GraphFault? Fault)
{
    /// <summary>To be asked for by itself.</summary>
    public static readonly BatchAnswer None = new(null, null);

    /// <summary>Reads the page into the rows; null when it must be asked for by itself.</summary>
    /// <exception cref="GraphFault">The item failed for good.</exception>
    public PageEnvelope? Page(PageRows rows)
    {
        if (Fault is not null)
        {
            throw Fault;
        }

        if (Body is null)
        {
            return null;
        }

        rows.Drop();
        try
        {
            var parser = new PageParser(rows, PageLayout.Page);
            parser.Parse(Body, final: true);
            if (parser.Last.HasValue)
            {
                return parser.Last;
            }
        }
        catch (JsonException)
        {
            // Asked for by itself, the page gets the care that every page gets.
        }

        rows.Drop();
        return null;
    }
}

/// <summary>Asks for several pages in one call. The call's own success says nothing: each item is judged by its own status.</summary>
internal static class GraphBatch
{
    /// <summary>Items that Graph takes in one call.</summary>
    public const int MostItems = 20;

    /// <param name="links">Paths from the version on, at most <see cref="MostItems"/>; a null asks for nothing.</param>
    /// <param name="part">Null when the items belong to several parts.</param>
    /// <returns>One answer for each link, in their order. Items that failed in passing were asked for again, and only they.</returns>
    public static async Task<BatchAnswer[]> AskAsync(TenantRead read, IReadOnlyList<string?> links, InventoryPart? part, RequestMeter meter)
    {
        var answers = links.Select(_ => BatchAnswer.None).ToArray();
        var open = Enumerable.Range(0, links.Count).Where(item => links[item] is not null).ToList();
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var rows = new BatchRows();
            try
            {
                var request = new PageRequest(read.Endpoint.At("$batch"), part, false, meter, read.Directory, Body(links, open), PageLayout.Batch);
                await read.Client.PageAsync(request, rows, read.Token).ConfigureAwait(false);
            }
            catch (GraphFault fault)
            {
                // An endpoint without batches is asked page by page; anything else would meet the single pages as well.
                open.ForEach(item => answers[item] = fault.Kind is FaultKind.NotFound or FaultKind.Refused ? BatchAnswer.None : new BatchAnswer(null, fault));
                return answers;
            }

            rows.Keep();
            var wait = Judge(read, rows.Kept, answers, open) ?? read.Options.FirstWait * Math.Pow(2, attempt - 1);
            if (open.Count > 0 && (attempt >= read.Options.Attempts || !await WaitAsync(read, wait).ConfigureAwait(false)))
            {
                return answers;
            }
        }

        return answers;
    }

    /// <summary>Notes what each item came to, and leaves in <paramref name="open"/> those to be asked for again.</summary>
    /// <returns>The longest wait that an item asked for; null when none did.</returns>
    private static TimeSpan? Judge(TenantRead read, List<BatchItem> items, BatchAnswer[] answers, List<int> open)
    {
        TimeSpan? longest = null;
        var byId = items.ToLookup(item => item.Id, StringComparer.Ordinal);
        foreach (var item in open.ToArray())
        {
            if (byId[Id(item)].FirstOrDefault() is not { } answer)
            {
                answers[item] = new BatchAnswer(null, new GraphFault(FaultKind.Broken, "no answer in the batch"));
                continue;
            }

            var now = read.Time.GetUtcNow();
            var wait = answer.RetryAfter is { } text && RetryAfter.Read(text.Trim(), now) is { Ticks: > 0 } told ? told : (TimeSpan?)null;
            var fault = answer.Status == 200 ? null : GraphFault.Of(answer.Status, wait, GraphError.Parse(answer.Body));
            if (fault is { Kind: FaultKind.Throttled })
            {
                read.Meter.Throttled();
            }

            if (wait is { } asked && fault is { Passing: true })
            {
                read.Directory.Close(asked);
                longest = longest > asked ? longest : asked;
            }

            // A token that ran out is renewed on a call of its own.
            answers[item] = fault is null ? new BatchAnswer(answer.Body, null)
                : fault.Kind == FaultKind.TokenRefused ? BatchAnswer.None
                : new BatchAnswer(null, fault);
            if (fault is not { Passing: true })
            {
                open.Remove(item);
            }
        }

        return longest;
    }

    /// <returns>False when there is not the time left to wait.</returns>
    private static async Task<bool> WaitAsync(TenantRead read, TimeSpan wait)
    {
        if (read.Time.GetUtcNow() + wait >= read.Client.End)
        {
            return false;
        }

        try
        {
            await Task.Delay(wait, read.Time, read.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Id(int item) => $"{item + 1}";

    private static byte[] Body(IReadOnlyList<string?> links, List<int> items)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("requests");
            foreach (var item in items)
            {
                json.WriteStartObject();
                json.WriteString("id", Id(item));
                json.WriteString("method", "GET");
                json.WriteString("url", links[item]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
