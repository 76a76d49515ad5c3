using System.Buffers.Binary;

namespace Governance.Microsoft365.Tests.Graph;

/// <summary>Sets the zone of this process for a while, wherever the machine stands; only for tests that run alone.</summary>
internal sealed class HostZone : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("TZ");
    private readonly string _file = Path.GetTempFileName();

    private HostZone(TimeSpan offset)
    {
        File.WriteAllBytes(_file, ZoneFile(offset));
        Environment.SetEnvironmentVariable("TZ", _file);
        TimeZoneInfo.ClearCachedData();
    }

    public static HostZone At(TimeSpan offset) => new(offset);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("TZ", _before);
        TimeZoneInfo.ClearCachedData();
        File.Delete(_file);
    }

    /// <summary>A zone of one offset and no transitions.</summary>
    /// <remarks>Source: RFC 9636, version 1 data: head, one local time type, its abbreviation.</remarks>
    private static byte[] ZoneFile(TimeSpan offset)
    {
        var bytes = new byte[44 + 6 + 4];
        "TZif"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(36), 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(40), 4);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(44), (int)offset.TotalSeconds);
        "TST\0"u8.CopyTo(bytes.AsSpan(50));
        return bytes;
    }
}

/// <summary>Runs by itself: it alters what the whole process believes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
