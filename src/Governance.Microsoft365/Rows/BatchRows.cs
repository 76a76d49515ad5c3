using System.Runtime.InteropServices;
using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>The answer to one item of a batch.</summary>
/// <param name="RetryAfter">Header of that name as received; null when there was none.</param>
/// <param name="Body">JSON of the body; empty when there was none.</param>
internal sealed record BatchItem(string Id, int Status, string? RetryAfter, byte[] Body);

/// <summary>The answers in a batch, which come in any order.</summary>
internal sealed class BatchRows : PageRows
{
    private readonly List<BatchItem> _page = [];

    /// <summary>Answers of the batch last kept.</summary>
    public List<BatchItem> Kept { get; } = [];

    protected override bool TryRead(ref Utf8JsonReader reader, ref string? fault)
    {
        if (!JsonDocument.TryParseValue(ref reader, out var document))
        {
            return false;
        }

        using (document)
        {
            var item = document.RootElement;
            if (Member.Text(item, "id") is not { } id || !item.TryGetProperty("status", out var status) || !status.TryGetInt32(out var code))
            {
                fault = "an answer in the batch has no id or status";
                return true;
            }

            var wait = Member.Object(item, "headers") is { ValueKind: JsonValueKind.Object } headers
                ? headers.EnumerateObject().FirstOrDefault(header => header.Name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value
                : default;
            var body = item.TryGetProperty("body", out var content) ? JsonMarshal.GetRawUtf8Value(content).ToArray() : [];
            _page.Add(new BatchItem(id, code, wait.ValueKind is JsonValueKind.String or JsonValueKind.Number ? wait.ToString() : null, body));
        }

        return true;
    }

    protected override void Clear() => _page.Clear();

    protected override void HandOn()
    {
        Kept.Clear();
        Kept.AddRange(_page);
    }
}
