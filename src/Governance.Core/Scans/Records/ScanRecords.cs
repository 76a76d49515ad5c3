using System.Collections.Immutable;
using System.Text.Json;
using Governance.Core.Findings;
using Governance.Core.Kpis;

namespace Governance.Core.Scans.Records;

/// <summary>Scans, finding events and KPI values as the JSON that every store keeps.</summary>
/// <remarks>Every reader throws <see cref="RecordDamagedException"/>, with the name given, when the bytes are not such a record.</remarks>
public static class ScanRecords
{
    public static byte[] ToBytes(Scan scan) => JsonSerializer.SerializeToUtf8Bytes(scan, RecordJson.Kept.Scan);

    public static byte[] ToBytes(FindingEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, RecordJson.Kept.FindingEvent);

    /// <summary>All KPI values of a scan as one record.</summary>
    public static byte[] ToBytes(ImmutableArray<KpiValue> values) => JsonSerializer.SerializeToUtf8Bytes(values, RecordJson.Kept.ImmutableArrayKpiValue);

    public static Scan ToScan(ReadOnlySpan<byte> kept, string record) => RecordJson.Read(kept, RecordJson.Kept.Scan, record);

    public static FindingEvent ToEvent(ReadOnlySpan<byte> kept, string record) => RecordJson.Read(kept, RecordJson.Kept.FindingEvent, record);

    public static ImmutableArray<KpiValue> ToKpis(ReadOnlySpan<byte> kept, string record) => RecordJson.Read(kept, RecordJson.Kept.ImmutableArrayKpiValue, record);
}
