using Azure.Data.Tables;
using Governance.Azure.Tables;
using Governance.Core.Policy;
using Governance.Core.Scans;
using Governance.State.Contract;

namespace Governance.Azure.Tests.Tables;

[Collection(Azurite.Collection)]
public sealed class TablePersonsTests(Azurite azurite) : PersonsContract
{
    private readonly TableClient _table = azurite.NewTable();
    private readonly ApartTable _apart = new(azurite.NewTable());

    [Fact]
    public async Task Names_and_keys_never_lie_in_one_table()
    {
        await Open().ActingAsync(Tenant, "Ana Lima", default);

        Assert.Contains(_table.Query<TableEntity>(), row => row.Any(property => Equals(property.Value, "Ana Lima")));
        Assert.DoesNotContain(_table.Query<TableEntity>(), row => row.Any(property => property.Value is byte[]));
        Assert.DoesNotContain(_apart.Client.Query<TableEntity>(), row => row.Any(property => Equals(property.Value, "Ana Lima")));
        Assert.Single(_apart.Client.Query<TableEntity>(), row => row.GetBinary("Key")?.Length == Pseudonym.KeyBytes);
    }

    [Fact]
    public async Task Of_twenty_new_keys_at_once_none_is_lost()
    {
        var keepers = Enumerable.Range(0, 20).Select(_ => Open()).ToArray();

        var numbers = await Task.WhenAll(keepers.Select(keeper => Task.Run(() => keeper.RotateAsync(Tenant, default))));

        Assert.Equal(Enumerable.Range(1, 20), numbers.Order());
        Assert.Equal(19, (await Open().OfAsync(Tenant, "Ana", default)).Earlier.Distinct().Count());
    }

    [Fact]
    public async Task A_key_that_is_damaged_is_named_and_no_new_one_is_made_in_its_place()
    {
        await Open().OfAsync(Tenant, "Ana", default);
        var row = _apart.Client.Query<TableEntity>().Single();
        row["Key"] = new byte[5];
        await _apart.Client.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open().OfAsync(Tenant, "Ana", default));

        Assert.Equal(StoreFault.Damaged, fault.Fault);
        Assert.Contains(row.RowKey, fault.Message, StringComparison.Ordinal);
    }

    protected override IPersons Open() => new TablePersons(_table, _apart);
}
