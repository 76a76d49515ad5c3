using Governance.Core.Scans.Runs;

namespace Governance.Core.Scans.Records;

/// <summary>Runs as the JSON that every store keeps.</summary>
public static class RunRecords
{
    public static byte[] ToBytes(ScanRun run) => RecordJson.Write(run);

    /// <exception cref="RecordDamagedException">The bytes are not such a record.</exception>
    public static ScanRun ToRun(ReadOnlySpan<byte> kept, string record) => RecordJson.Read<ScanRun>(kept, record);
}
