using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Catalogue;
using Governance.State.Contract;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TableLearnedAppsTests(Azurite azurite) : LearnedAppsContract
{
    private readonly TableClient _table = azurite.NewTable();

    protected override ILearnedApps Open() => new TableLearnedApps(_table);
}
