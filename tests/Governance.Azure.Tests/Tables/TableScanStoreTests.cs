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

    protected override IScanStore Open(Action<int>? beforeWrite = null) =>
        new TableScanStore(_table, new TableOptions { BeforeWrite = beforeWrite }, NullLogger<TableScanStore>.Instance);
}
