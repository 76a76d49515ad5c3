using System.Collections.Immutable;
using Azure.Data.Tables;
using Governance.Core.Policy;
using Governance.Core.Scans.Records;

namespace Governance.Azure.Tables;

/// <summary>Keeps the names behind pseudonyms in the partition of their tenant, and the keys in the table apart.</summary>
public sealed class TablePersons(TableClient table, ApartTable apart) : IPersons
{
    private readonly TablePseudonymKeys _keys = new(apart);

    public async Task<Person> ActingAsync(Guid tenantId, string name, CancellationToken cancellationToken)
    {
        var plain = PersonName.Of(name);
        var person = await OfAsync(tenantId, plain, cancellationToken).ConfigureAwait(false);
        var session = Session(tenantId);
        if (await session.RowAsync(TableKeys.Name(person.Pseudonym), cancellationToken).ConfigureAwait(false) is null)
        {
            // False when it was added meanwhile: the first way of writing a name stays.
            var row = new TableEntity(session.Partition, TableKeys.Name(person.Pseudonym)) { ["Pseudonym"] = person.Pseudonym, ["Name"] = plain };
            await session.SubmitAsync([new(TableTransactionActionType.Add, row)], cancellationToken).ConfigureAwait(false);
        }

        return person;
    }

    public async Task<Person> OfAsync(Guid tenantId, string identity, CancellationToken cancellationToken) =>
        Person.Under(await _keys.OfAsync(tenantId, cancellationToken).ConfigureAwait(false), tenantId, identity);

    public async Task<ImmutableDictionary<string, string>> NamesAsync(Guid tenantId, CancellationToken cancellationToken) =>
        (await Session(tenantId).RowsAsync(TableKeys.Names, cancellationToken).ConfigureAwait(false))
            .ToImmutableDictionary(row => Text(row, "Pseudonym"), row => Text(row, "Name"), StringComparer.Ordinal);

    public async Task<string?> FindAsync(Guid tenantId, string pseudonym, IEnumerable<string> identities, CancellationToken cancellationToken) =>
        Pseudonym.Find(await _keys.OfAsync(tenantId, cancellationToken).ConfigureAwait(false), tenantId, pseudonym, identities, cancellationToken);

    public async Task ForgetAsync(Guid tenantId, Person person, CancellationToken cancellationToken)
    {
        foreach (var batch in person.Earlier.Append(person.Pseudonym).Distinct(StringComparer.Ordinal).Select(TableKeys.Name).Chunk(TableWriter.MostEntities))
        {
            await Session(tenantId).DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<int> DestroyEarlierKeysAsync(Guid tenantId, CancellationToken cancellationToken) => _keys.DestroyEarlierAsync(tenantId, cancellationToken);

    public Task<int> RotateAsync(Guid tenantId, CancellationToken cancellationToken) => _keys.RotateAsync(tenantId, cancellationToken);

    private static string Text(TableEntity row, string name) => row.GetString(name) ?? throw new RecordDamagedException($"name {row.RowKey}", $"{name} is missing");

    private TableSession Session(Guid tenantId) => new(table, TableKeys.Tenant(tenantId));
}
