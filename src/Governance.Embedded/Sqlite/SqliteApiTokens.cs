using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Governance.Embedded.Sqlite;

/// <summary>Tokens for the server of a data folder; only their hashes are kept, so none can be shown a second time.</summary>
public sealed class SqliteApiTokens(SqliteDatabase database, TimeProvider time)
{
    private const int RandomBytes = 32;

    /// <returns>True when the folder has a token of that name.</returns>
    public Task<bool> HasAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.Single<long>("SELECT count(*) FROM api_tokens WHERE name = $1", name) > 0, cancellationToken);

    /// <summary>Makes a token in place of all earlier ones of that name.</summary>
    public async Task<string> ReplaceAsync(string name, IEnumerable<string> roles, CancellationToken cancellationToken)
    {
        var token = Fresh();
        await database.WriteAsync(
            session =>
            {
                session.Write("DELETE FROM api_tokens WHERE name = $1", name);
                Insert(session, token, name, roles);
            },
            cancellationToken).ConfigureAwait(false);
        return token;
    }

    /// <returns>Name and roles of a token; null when it is not known.</returns>
    /// <remarks>The look-up is by hash: how long it takes says nothing about how much of a guess was right.</remarks>
    public Task<(string Name, ImmutableArray<string> Roles)?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        return database.ReadAsync(
            session => session.Rows(
                "SELECT name, roles FROM api_tokens WHERE token_hash = $1",
                row => ((string, ImmutableArray<string>)?)(row.GetString(0), [.. row.GetString(1).Split(' ')]),
                hash).FirstOrDefault(),
            cancellationToken);
    }

    private void Insert(SqliteSession session, string token, string name, IEnumerable<string> roles) => session.Write(
        "INSERT INTO api_tokens (token_hash, name, roles, made_at) VALUES ($1, $2, $3, $4)",
        Hash(token), name, string.Join(' ', roles), time.GetUtcNow().ToUnixTimeMilliseconds());

    private static string Fresh() => "gov_" + RandomNumberGenerator.GetHexString(2 * RandomBytes, lowercase: true);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
