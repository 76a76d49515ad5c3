using System.Collections.Immutable;
using Governance.Core.Findings;
using Governance.Core.Kpis;

namespace Governance.Core.Scans.Records;

/// <summary>Scans, finding events and KPI values as the JSON that every store keeps.</summary>
/// <remarks>Every reader throws <see cref="RecordDamagedException"/>, with the name given, when the bytes are not such a record.</remarks>
public static class ScanRecords
{
    public static byte[] ToBytes(Scan scan) => RecordJson.Write(scan);

    public static byte[] ToBytes(FindingEvent happened) => RecordJson.Write(happened);

    /// <summary>All KPI values of a scan as one record.</summary>
    public static byte[] ToBytes(ImmutableArray<KpiValue> values) => RecordJson.Write(values);

    public static Scan ToScan(ReadOnlySpan<byte> kept, string record) => RecordJson.Read<Scan>(kept, record);

    public static FindingEvent ToEvent(ReadOnlySpan<byte> kept, string record) => RecordJson.Read<FindingEvent>(kept, record);

    public static ImmutableArray<KpiValue> ToKpis(ReadOnlySpan<byte> kept, string record) => RecordJson.Read<ImmutableArray<KpiValue>>(kept, record);
}
