using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Governance.Core.Scans.Records;

/// <summary>Reads what <see cref="ChunkWriter"/> wrote, never past the end and never more than is there.</summary>
/// <exception cref="RecordDamagedException">From every member: the content is not what a writer writes.</exception>
internal ref struct ChunkReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _content;
    private readonly string _record;
    private readonly Guid[] _guids;
    private readonly (int Start, int Length)[] _texts;
    private readonly string?[] _strings;
    private int _at;

    /// <param name="record">Names the chunk in errors.</param>
    public ChunkReader(ReadOnlySpan<byte> content, ChunkKind kind, string record)
    {
        _content = content;
        _record = record;
        _guids = [];
        _texts = [];
        _strings = [];
        var format = Byte();
        if (format != ChunkWriter.Format)
        {
            throw Damaged($"format {format} is unknown");
        }

        if (Byte() != (byte)kind)
        {
            throw Damaged($"it does not hold {kind}");
        }

        Rows = Count();
        _guids = new Guid[Count(entrySize: 16)];
        for (var i = 0; i < _guids.Length; i++)
        {
            _guids[i] = OwnGuid();
        }

        _texts = new (int, int)[Count(entrySize: 1)];
        _strings = new string?[_texts.Length];
        for (var i = 0; i < _texts.Length; i++)
        {
            var length = Count(entrySize: 1);
            _texts[i] = (_at, length);
            _at += length;
        }
    }

    /// <summary>Rows the chunk says it has.</summary>
    public int Rows { get; }

    public byte Byte() => _at < _content.Length ? _content[_at++] : throw Damaged("it ends too early");

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            if (shift == 63 && part > 1)
            {
                throw Damaged("a number is too long");
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>A number of things that take at least <paramref name="entrySize"/> bytes each of what is left.</summary>
    public int Count(int entrySize = 0)
    {
        var value = Number();
        return value <= int.MaxValue && value * (ulong)entrySize <= (ulong)(_content.Length - _at) ? (int)value : throw Damaged("a count is too large");
    }

    public Guid OwnGuid()
    {
        if (_content.Length - _at < 16)
        {
            throw Damaged("it ends too early");
        }

        _at += 16;
        return new Guid(_content.Slice(_at - 16, 16));
    }

    public Guid? SharedGuid() => Entry(_guids.Length) is var entry && entry < 0 ? null : _guids[entry];

    public Guid NeededGuid() => SharedGuid() ?? throw Damaged("an id is missing");

    public string? Text()
    {
        var entry = Entry(_texts.Length);
        if (entry < 0)
        {
            return null;
        }

        try
        {
            return _strings[entry] ??= Strict.GetString(_content.Slice(_texts[entry].Start, _texts[entry].Length));
        }
        catch (DecoderFallbackException fault)
        {
            throw new RecordDamagedException(_record, "a text is not UTF-8", fault);
        }
    }

    public string NeededText() => Text() ?? throw Damaged("a text is missing");

    /// <summary>A text's UTF-8 without making a string of it.</summary>
    public ReadOnlySpan<byte> NeededUtf8()
    {
        var entry = Entry(_texts.Length);
        return entry < 0 ? throw Damaged("a text is missing") : _content.Slice(_texts[entry].Start, _texts[entry].Length);
    }

    public ImmutableArray<string> Texts()
    {
        var texts = new string[Count(entrySize: 1)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = NeededText();
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    public DateTimeOffset? Time()
    {
        var ticks = Number();
        if (ticks == 0)
        {
            return null;
        }

        var zigzag = Count();
        var offset = TimeSpan.FromMinutes((zigzag & 1) == 0 ? zigzag >> 1 : -((zigzag >> 1) + 1));
        try
        {
            return new DateTimeOffset(checked((long)(ticks - 1)), TimeSpan.Zero).ToOffset(offset);
        }
        catch (Exception fault) when (fault is ArgumentException or OverflowException)
        {
            throw new RecordDamagedException(_record, "a time is out of range", fault);
        }
    }

    public DateTimeOffset NeededTime() => Time() ?? throw Damaged("a time is missing");

    public bool? Answer() => Byte() switch { 0 => null, 1 => false, 2 => true, _ => throw Damaged("an answer is neither yes, no nor unknown") };

    /// <summary>To be called after the last row.</summary>
    public readonly void End()
    {
        if (_at != _content.Length)
        {
            throw Damaged($"{_content.Length - _at} bytes are left over");
        }
    }

    public readonly RecordDamagedException Damaged(string problem) => new(_record, problem);

    private int Entry(int entries)
    {
        var number = Count();
        return number <= entries ? number - 1 : throw Damaged("a table entry is missing");
    }
}
