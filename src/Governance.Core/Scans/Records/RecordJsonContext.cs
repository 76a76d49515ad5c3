using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Governance.Core.Consents;
using Governance.Core.Findings;
using Governance.Core.Kpis;
using Governance.Core.Scans.Runs;

namespace Governance.Core.Scans.Records;

/// <summary>How records are written as JSON: fields in the order of the record, enums by name, computed properties left out.</summary>
/// <remarks>
/// Fields this program does not know are passed over, so that it reads what a later one wrote; a field it needs and does not find
/// is damage.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    Converters = [typeof(OrdinalCountsConverter), typeof(PooledTextConverter)])]
[JsonSerializable(typeof(KeptApp))]
[JsonSerializable(typeof(KeptSighting))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(FindingEvent))]
[JsonSerializable(typeof(Scan))]
[JsonSerializable(typeof(ImmutableArray<KpiValue>))]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(ScanRun))]
internal sealed partial class RecordJsonContext : JsonSerializerContext;

/// <summary>Form in which <see cref="InventoryManifest"/> is kept.</summary>
internal sealed record ManifestDocument(
    int Format,
    Organization Organization,
    DateTimeOffset ReadAt,
    ImmutableArray<PartReading> Parts,
    UserConsentPolicy? UserConsent,
    bool TrainedUsersRead,
    ImmutableArray<ManifestEntryDocument> Entries,
    DeltaCursors? Cursors = null);

/// <param name="Chunks">Ids one after another; base64 in JSON.</param>
internal sealed record ManifestEntryDocument(ChunkKind Kind, int Rows, byte[] Chunks);
