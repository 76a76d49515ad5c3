using System.ComponentModel.DataAnnotations;

namespace Governance.Azure.Tables;

/// <summary>Where state is kept in Azure Tables, and how much of it.</summary>
public sealed class TableOptions
{
    public const string Section = "State";

    /// <summary>Table endpoint of the storage account, such as <c>https://account.table.core.windows.net</c>; https only.</summary>
    [Required]
    public Uri? TableServiceUri { get; set; }

    /// <summary>Client id of the user-assigned identity; null for the identity of whoever runs the program.</summary>
    public string? ClientId { get; set; }

    /// <summary>Name of the table: 3 to 58 letters and digits, a letter first.</summary>
    [Required, RegularExpression("^[A-Za-z][A-Za-z0-9]{2,57}$")]
    public string TableName { get; set; } = "Governance";

    /// <summary>Second table, for what must not lie beside the state: heads of ledgers and keys of pseudonyms.</summary>
    public string ApartTableName => TableName + "Apart";

    /// <summary>Scans of a tenant whose inventory is kept for a replay. Default 30.</summary>
    [Range(1, 10_000)]
    public int InventoriesKept { get; set; } = 30;

    /// <summary>
    /// Called before each request that writes for a commit, with its number from 1, the one that makes it count included, and once
    /// after that. For tests.
    /// </summary>
    internal Action<int>? BeforeWrite { get; set; }

    /// <summary>Called by a reader or writer of the ledger that has read the head kept apart and not yet the entries. For tests.</summary>
    internal Action? BetweenReads { get; set; }
}
