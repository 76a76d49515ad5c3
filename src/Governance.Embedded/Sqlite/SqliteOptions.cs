using System.ComponentModel.DataAnnotations;

namespace Governance.Embedded.Sqlite;

/// <summary>Where state is kept on this machine, and how much of it.</summary>
public sealed class SqliteOptions
{
    public const string Section = "Store";

    /// <summary>Data folder; made when missing, for the user alone.</summary>
    [Required]
    public string Folder { get; set; } = "governance-data";

    /// <summary>How long to wait for another process to let go of the store. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Scans of a tenant whose inventory is kept for a replay. Default 30.</summary>
    [Range(1, 10_000)]
    public int InventoriesKept { get; set; } = 30;

    /// <summary>Pages the file may grow to; null for no limit but the disk's. For tests.</summary>
    internal int? MaxPages { get; set; }

    /// <summary>Called before each write of a transaction with its number from 1, COMMIT included, and once after COMMIT. For tests.</summary>
    internal Action<int>? BeforeWrite { get; set; }

    /// <summary>Called by a reader of the ledger that has read the head kept apart and not yet the entries. For tests.</summary>
    internal Action? BetweenReads { get; set; }
}
