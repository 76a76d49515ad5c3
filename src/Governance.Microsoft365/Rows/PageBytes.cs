using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Texts of one page in one buffer that is used again for the next.</summary>
internal sealed class PageBytes
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    public ReadOnlySpan<byte> this[(int Start, int Length) at] => _bytes.AsSpan(at.Start, at.Length);

    public void Clear() => _length = 0;

    /// <summary>Adds the reader's text with escapes undone.</summary>
    public (int Start, int Length) Add(ref Utf8JsonReader reader)
    {
        var room = reader.ValueSpan.Length;
        if (_length + room > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + room));
        }

        var start = _length;
        _length += JsonText.CopyTo(ref reader, _bytes.AsSpan(start));
        return (start, _length - start);
    }
}
