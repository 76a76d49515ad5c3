using System.Collections.Immutable;
using Governance.Core.Policy;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps the names behind pseudonyms in the database, and the keys in files beside it.</summary>
public sealed class SqlitePersons(SqliteDatabase database, SqliteOptions options) : IPersons
{
    private readonly PseudonymKeys _keys = new(Path.GetFullPath(options.Folder));

    public async Task<Person> ActingAsync(Guid tenantId, string name, CancellationToken cancellationToken)
    {
        var plain = PersonName.Of(name);
        var person = await OfAsync(tenantId, plain, cancellationToken).ConfigureAwait(false);
        var names = await NamesAsync(tenantId, cancellationToken).ConfigureAwait(false);
        if (!names.ContainsKey(person.Pseudonym))
        {
            await database.WriteAsync(
                session => session.Write(
                    "INSERT INTO persons (tenant_id, pseudonym, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    SqliteScanStore.Key(tenantId), person.Pseudonym, plain),
                cancellationToken).ConfigureAwait(false);
        }

        return person;
    }

    public Task<Person> OfAsync(Guid tenantId, string identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Person.Under(_keys.Of(tenantId), tenantId, identity));
    }

    public Task<ImmutableDictionary<string, string>> NamesAsync(Guid tenantId, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Rows("SELECT pseudonym, name FROM persons WHERE tenant_id = $1", row => (Pseudonym: row.GetString(0), Name: row.GetString(1)), SqliteScanStore.Key(tenantId))
            .ToImmutableDictionary(row => row.Pseudonym, row => row.Name, StringComparer.Ordinal),
        cancellationToken);

    public Task<string?> FindAsync(Guid tenantId, string pseudonym, IEnumerable<string> identities, CancellationToken cancellationToken)
    {
        var keys = _keys.Of(tenantId);
        return Task.Run(() => Pseudonym.Find(keys, tenantId, pseudonym, identities, cancellationToken), cancellationToken);
    }

    public async Task ForgetAsync(Guid tenantId, Person person, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            session =>
            {
                foreach (var pseudonym in person.Earlier.Append(person.Pseudonym))
                {
                    session.Write("DELETE FROM persons WHERE tenant_id = $1 AND pseudonym = $2", SqliteScanStore.Key(tenantId), pseudonym);
                }
            },
            cancellationToken).ConfigureAwait(false);
        await database.EmptyLogAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task<int> DestroyEarlierKeysAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_keys.DestroyEarlier(tenantId));
    }

    public Task<int> RotateAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_keys.Rotate(tenantId));
    }
}
