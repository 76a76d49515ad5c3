using System.Buffers;
using System.Text.Json;

namespace Governance.Microsoft365.Rows;

/// <summary>Feeds a stream to a <see cref="PageParser"/> through one pooled buffer, which grows only for a row larger than itself.</summary>
internal static class PageStream
{
    private const int FirstSize = 64 * 1024;
    private const int Largest = 256 * 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="arrived">Called whenever bytes came.</param>
    /// <exception cref="JsonException">As <see cref="PageParser.Parse"/>; also for a row larger than 256 MiB.</exception>
    public static async Task ReadAsync(Stream stream, PageParser parser, Action? arrived, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        try
        {
            var (start, end, needed) = (0, 0, 0);
            var first = true;
            while (true)
            {
                if (end == buffer.Length)
                {
                    (buffer, start, end) = MakeRoom(buffer, start, end);
                }

                var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
                arrived?.Invoke();
                end += read;
                if (read > 0 && end - start < needed)
                {
                    continue;
                }

                if (first && (read == 0 || end >= ByteOrderMark.Length))
                {
                    first = false;
                    start = buffer.AsSpan(0, end).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
                }

                var used = first ? 0 : parser.Parse(buffer.AsSpan(start, end - start), read == 0);
                start += used;

                // A row that is not whole yet is not looked at again before half as much more has come.
                needed = used == 0 && !first ? (end - start) * 3 / 2 : 0;
                (start, end) = start == end ? (0, 0) : (start, end);
                if (read == 0)
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        var held = end - start;
        if (start > 0 && held <= buffer.Length / 2)
        {
            buffer.AsSpan(start, held).CopyTo(buffer);
            return (buffer, 0, held);
        }

        if (held >= Largest)
        {
            throw new JsonException("a single row is larger than 256 MiB", null, null, null);
        }

        var larger = ArrayPool<byte>.Shared.Rent(held * 2);
        buffer.AsSpan(start, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return (larger, 0, held);
    }
}
