using Azure.Data.Tables;

namespace Governance.Azure.Tests.Tables;

/// <summary>Table storage of this machine, one process for all tests of the collection.</summary>
public sealed class Azurite : IAsyncLifetime
{
    public const string Collection = "Azurite";

    /// <summary>The key that every storage emulator has.</summary>
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private readonly int _port = NodeProcess.FreePort();
    private NodeProcess? _process;

    public async Task InitializeAsync() => _process = NodeProcess.Missing is not null ? null : await NodeProcess.StartAsync(
        "successfully started", "node_modules/azurite/dist/src/table/main.js", "--tableHost", "127.0.0.1", "--tablePort", $"{_port}",
        "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent");

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>A table of a test's own.</summary>
    public TableClient NewTable(TableClientOptions? options = null)
    {
        var table = Table($"t{Guid.NewGuid():N}", options);
        table.Create();
        return table;
    }

    public TableClient Table(string name, TableClientOptions? options = null) => new(
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};TableEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;", name, options);
}

[CollectionDefinition(Azurite.Collection)]
public sealed class AzuriteCollection : ICollectionFixture<Azurite>;
