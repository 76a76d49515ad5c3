using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Scans;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableScanStoreTests(Azurite azurite) : ScanStoreContract
{
    private readonly TableClient _table = azurite.NewTable();

    /// <summary>Fewer than on SQLite: every attempt writes a whole commit over HTTP, and the race takes as many rounds as it has committers.</summary>
    protected override int Committers => 16;

    protected override IScanStore Open(Action<int>? beforeWrite = null) =>
        new TableScanStore(_table, new TableOptions { BeforeWrite = beforeWrite }, NullLogger<TableScanStore>.Instance);
}
