using System.Text.Json;
using Azure.Data.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>The row of a committed scan. It is written together with the mark, so there is one for every generation that counts and no other.</summary>
/// <param name="Kpis">Null when they were removed for their age.</param>
/// <param name="Contents">Null when the inventory was removed for its age.</param>
internal sealed record TableGeneration(int Generation, string Attempt, Scan Scan, byte[]? Kpis, TableBlob? Contents, TableBlob Events)
{
    /// <summary>Bytes of a scan or of its KPI values after compression; both must fit one entity.</summary>
    private const int MostBytes = 4 * TableBlob.PropertySize;

    private const string Removed = "removed";

    /// <exception cref="ArgumentException">The scan or its KPI values are larger than a row can hold.</exception>
    public TableEntity ToEntity(string partition)
    {
        var entity = new TableEntity(partition, TableKeys.Scan(Generation))
        {
            ["Generation"] = Generation,
            ["Attempt"] = Attempt,
            ["Contents"] = Contents is null ? Removed : JsonSerializer.Serialize(Contents, TableJsonContext.Default.TableBlob),
            ["Events"] = JsonSerializer.Serialize(Events, TableJsonContext.Default.TableBlob),
        };
        Write(entity, "Scan", ScanRecords.ToBytes(Scan));
        Write(entity, "Kpis", Kpis ?? []);
        return entity;
    }

    /// <exception cref="RecordDamagedException">The row is not what was kept.</exception>
    public static TableGeneration From(TableEntity entity)
    {
        var record = $"scan {entity.RowKey} of tenant {entity.PartitionKey}";
        return new TableGeneration(
            entity.GetInt32("Generation") ?? throw new RecordDamagedException(record, "it has no generation"),
            entity.GetString("Attempt") ?? throw new RecordDamagedException(record, "it has no attempt"),
            ScanRecords.ToScan(TableBlob.Decompress(TableBlob.ReadBytes(entity, "Scan"), null, record), record),
            TableBlob.Decompress(TableBlob.ReadBytes(entity, "Kpis"), null, record) is { Length: > 0 } kpis ? kpis : null,
            entity.GetString("Contents") == Removed ? null : TableBlob.In(entity, "Contents", record),
            TableBlob.In(entity, "Events", record));
    }

    /// <returns>Null when they were removed.</returns>
    public ScanKpis? ToKpis() => Kpis is null ? null : new(Scan.Id, Scan.StartedAt, Scan.Status, ScanRecords.ToKpis(Kpis, $"KPI values of scan {Scan.Id}"));

    private static void Write(TableEntity to, string name, byte[] content)
    {
        var kept = TableBlob.Compress(content);
        TableBlob.WriteBytes(to, name, kept.Length <= MostBytes
            ? kept
            : throw new ArgumentException($"{name} of a scan takes {kept.Length} bytes; a row of the table holds {MostBytes}"));
    }
}
