using System.Buffers;
using System.Text;

namespace Governance.Core.Scans.Records;

/// <summary>Writes the content of one chunk: head, table of shared GUIDs, table of texts, then the rows.</summary>
/// <remarks>
/// Whole numbers are variable-length, seven bits a byte, least first. Texts are UTF-8; a lone surrogate, which no JSON source
/// can deliver, becomes U+FFFD. A table's entries are numbered from 1 in the order first used; 0 is null.
/// </remarks>
internal sealed class ChunkWriter(ChunkKind kind, int rows)
{
    /// <summary>Version of this format.</summary>
    public const byte Format = 1;

    private readonly ArrayBufferWriter<byte> _body = new(1 << 14);
    private readonly Dictionary<Guid, int> _guids = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

    public void Byte(byte value)
    {
        _body.GetSpan(1)[0] = value;
        _body.Advance(1);
    }

    public void Number(ulong value) => Number(_body, value);

    public void Count(int value) => Number(_body, (ulong)value);

    /// <summary>16 bytes in place, for ids that do not repeat.</summary>
    public void OwnGuid(Guid value)
    {
        value.TryWriteBytes(_body.GetSpan(16));
        _body.Advance(16);
    }

    /// <summary>A number into the table, for ids that repeat.</summary>
    public void SharedGuid(Guid? value) => Count(value is { } guid ? NumberOf(_guids, guid) : 0);

    public void Text(string? value) => Count(value is null ? 0 : NumberOf(_texts, value));

    public void Texts(IReadOnlyCollection<string> values)
    {
        Count(values.Count);
        foreach (var value in values)
        {
            Text(value);
        }
    }

    /// <summary>0 for null, else ticks since year 1 in UTC plus 1, and the offset in minutes.</summary>
    public void Time(DateTimeOffset? value)
    {
        Number(value is { } time ? (ulong)time.UtcTicks + 1 : 0);
        if (value is { } given)
        {
            var minutes = given.TotalOffsetMinutes;
            Count(minutes < 0 ? (-minutes << 1) - 1 : minutes << 1);
        }
    }

    /// <summary>0 for null, 1 for false, 2 for true.</summary>
    public void Answer(bool? value) => Byte(value switch { null => 0, false => 1, true => 2 });

    public byte[] ToContent()
    {
        var content = new ArrayBufferWriter<byte>(_body.WrittenCount + (_guids.Count * 16) + 64);
        content.Write([Format, (byte)kind]);
        Number(content, (ulong)rows);
        Number(content, (ulong)_guids.Count);
        foreach (var guid in _guids.Keys)
        {
            guid.TryWriteBytes(content.GetSpan(16));
            content.Advance(16);
        }

        Number(content, (ulong)_texts.Count);
        foreach (var text in _texts.Keys)
        {
            Number(content, (ulong)Encoding.UTF8.GetByteCount(text));
            Encoding.UTF8.GetBytes(text, content);
        }

        content.Write(_body.WrittenSpan);
        return content.WrittenSpan.ToArray();
    }

    /// <remarks>A dictionary that never lost an entry lists them in the order they were added.</remarks>
    private static int NumberOf<T>(Dictionary<T, int> table, T value)
        where T : notnull
    {
        if (!table.TryGetValue(value, out var number))
        {
            number = table.Count + 1;
            table.Add(value, number);
        }

        return number;
    }

    private static void Number(ArrayBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        to.Advance(length);
    }
}
