using Azure;
using Governance.Core.Scans;

namespace Governance.Azure.Tables;

/// <summary>Says what Table storage's answers mean for the person who runs the program.</summary>
/// <remarks>The service's own message is left out: it repeats URLs and, for some faults, keys.</remarks>
internal static class TableFaults
{
    public static StoreUnavailableException Of(RequestFailedException fault)
    {
        var (kind, what) = fault.Status switch
        {
            401 or 403 => (StoreFault.NotWritable, "refused the identity; it needs the role Storage Table Data Contributor on the storage account"),
            404 => (StoreFault.Failing, "has no such table; deploy again, or create the table named in State__TableName"),
            429 or 503 => (StoreFault.Failing, "is busy and stayed so over all retries"),
            0 => (StoreFault.Failing, "does not answer; check State__TableServiceUri and the network"),
            _ => (StoreFault.Failing, $"failed with status {fault.Status} ({fault.ErrorCode ?? "no code"})"),
        };
        return new StoreUnavailableException(kind, $"the table service {what}", fault);
    }
}
