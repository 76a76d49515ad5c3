using System.Text.Json;
using Governance.Core.Consents;
using Governance.Core.Scans;

namespace Governance.Cli;

/// <summary>Tells how far a scan is: one line redrawn on a terminal, one line a finished part elsewhere.</summary>
internal sealed class ScanProgress(Terminal terminal, TimeProvider time) : IProgress<ReadProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly SortedDictionary<InventoryPart, ReadProgress> _parts = [];
    private readonly HashSet<InventoryPart> _told = [];
    private long _drawnAt;
    private int _drawnWidth;

    public void Report(ReadProgress value)
    {
        lock (_lock)
        {
            _parts[value.Part] = value;
            if (terminal.Interactive)
            {
                Draw(value.Done);
            }
            else if (value is { Done: true, Items: > 0 } && _told.Add(value.Part))
            {
                terminal.Note($"read {Name(value.Part)}: {Count(value)}");
            }
        }
    }

    /// <summary>Clears the line that was drawn.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_drawnWidth > 0)
            {
                terminal.Notes.Write('\r' + new string(' ', _drawnWidth) + '\r');
                _drawnWidth = 0;
            }
        }
    }

    private void Draw(bool now)
    {
        if (!now && _drawnWidth > 0 && time.GetElapsedTime(_drawnAt) < Pause)
        {
            return;
        }

        var line = string.Join("  ", _parts.Values.Select(part => $"{Name(part.Part)} {Count(part)}{(part.Done ? " ✓" : string.Empty)}"));
        var width = Math.Max(20, Console.BufferWidth - 1);
        line = line.Length > width ? line[..width] : line;
        terminal.Notes.Write('\r' + line.PadRight(_drawnWidth));
        _drawnWidth = line.Length;
        _drawnAt = time.GetTimestamp();
    }

    private static string Count(ReadProgress part) =>
        part.Expected is { } expected && !part.Done ? $"{part.Items:#,##0} of {expected:#,##0}" : $"{part.Items:#,##0}";

    private static string Name(InventoryPart part) => JsonNamingPolicy.CamelCase.ConvertName(part.ToString());
}
