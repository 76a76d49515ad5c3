using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>What a generation consists of: the blobs that hold it, its own and those taken over from earlier ones.</summary>
/// <param name="Policy">Policy text.</param>
/// <param name="Apps">Packs of apps, gone ones included.</param>
/// <param name="Findings">Packs of findings.</param>
/// <param name="Manifest">Inventory manifest.</param>
/// <param name="Chunks">Inventory chunks by chunk id.</param>
internal sealed record TableContents(
    TableBlob Policy, ImmutableArray<TableBlob> Apps, ImmutableArray<TableBlob> Findings, TableBlob Manifest, ImmutableArray<TableBlob> Chunks)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, TableJsonContext.Default.TableContents);

    /// <exception cref="RecordDamagedException">The bytes are not such a list.</exception>
    public static TableContents From(byte[] bytes, string record)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TableJsonContext.Default.TableContents) ?? throw new RecordDamagedException(record, "it is empty");
        }
        catch (JsonException fault)
        {
            throw new RecordDamagedException(record, "it does not read", fault);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TableContents))]
[JsonSerializable(typeof(TableBlob))]
internal sealed partial class TableJsonContext : JsonSerializerContext;
