using Governance.Core.Scans;
using Microsoft.Data.Sqlite;

namespace Governance.Embedded.Sqlite;

/// <summary>Says what SQLite's result codes mean for the person who runs the program.</summary>
/// <remarks>Source: sqlite.org/rescode.html.</remarks>
internal static class SqliteFaults
{
    public static StoreUnavailableException Of(SqliteException fault, string path, TimeSpan lockTimeout)
    {
        var (kind, what) = fault.SqliteErrorCode switch
        {
            5 or 6 => (StoreFault.Locked, $"is locked by another process; waited {lockTimeout.TotalSeconds:0.###} s"),
            13 => (StoreFault.Full, "cannot grow: the disk is full"),
            11 => (StoreFault.Damaged, "is damaged; restore a copy or move the file away and scan again"),
            26 => (StoreFault.Damaged, "is not a governance store or is damaged; restore a copy or move the file away and scan again"),
            3 or 8 or 14 or 23 => (StoreFault.NotWritable, "cannot be written; check the rights of the file and its folder"),
            _ => (StoreFault.Failing, $"failed with SQLite error {fault.SqliteErrorCode} ({fault.SqliteExtendedErrorCode})"),
        };
        return new StoreUnavailableException(kind, $"the store {path} {what}", fault);
    }
}
