using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Digest;
using Governance.State.Contract;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableDigestOutboxTests(Azurite azurite) : DigestOutboxContract
{
    private readonly TableClient _table = azurite.NewTable();

    protected override IDigestOutbox Open() => new TableDigestOutbox(_table);
}
