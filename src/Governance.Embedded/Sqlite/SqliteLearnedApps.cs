using System.Collections.Immutable;
using System.Globalization;
using Governance.Core.Catalogue;

namespace Governance.Embedded.Sqlite;

/// <summary>Keeps confirmations in the database file of the data folder.</summary>
public sealed class SqliteLearnedApps(SqliteDatabase database) : ILearnedApps
{
    public Task<ImmutableArray<Confirmation>> ConfirmationsAsync(Guid tenantId, CancellationToken cancellationToken) =>
        database.ReadAsync<ImmutableArray<Confirmation>>(
            session =>
            [
                .. session.Rows(
                    "SELECT app_id, verdict, product, confirmed_by, reason, confirmed_at FROM learned_apps WHERE tenant_id = $1 ORDER BY sequence",
                    row => new Confirmation(
                        new LearnedApp(Guid.Parse(row.GetString(0)), Enum.Parse<AiVerdict>(row.GetString(1)), row.IsDBNull(2) ? null : row.GetString(2)),
                        row.GetString(3),
                        row.GetString(4),
                        DateTimeOffset.ParseExact(row.GetString(5), "O", CultureInfo.InvariantCulture)),
                    tenantId.ToString("D")),
            ],
            cancellationToken);

    public Task ConfirmAsync(Guid tenantId, Confirmation confirmation, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Write(
            """
            INSERT INTO learned_apps (tenant_id, sequence, app_id, verdict, product, confirmed_by, reason, confirmed_at)
            SELECT $1, coalesce(max(sequence), 0) + 1, $2, $3, $4, $5, $6, $7 FROM learned_apps WHERE tenant_id = $1
            """,
            tenantId.ToString("D"),
            confirmation.App.AppId.ToString("D"),
            confirmation.App.Verdict.ToString(),
            confirmation.App.Product,
            confirmation.By,
            confirmation.Reason,
            confirmation.At.ToString("O", CultureInfo.InvariantCulture)),
        cancellationToken);
}
