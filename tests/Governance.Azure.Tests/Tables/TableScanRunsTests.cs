using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Scans;
using Governance.Core.Scans.Runs;
using Governance.State.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableScanRunsTests(Azurite azurite) : ScanRunsContract
{
    private readonly TableClient _table = azurite.NewTable();

    protected override (IScanRuns Runs, IScanStore Scans) Open() =>
        (new TableScanRuns(_table), new TableScanStore(_table, new TableOptions(), NullLogger<TableScanStore>.Instance));

    protected override async Task DamageAsync(Guid tenant, string runId)
    {
        var row = (await _table.GetEntityAsync<TableEntity>(TableKeys.Tenant(tenant), TableKeys.Run(runId))).Value;
        row["D0"] = "{"u8.ToArray();
        await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }
}
